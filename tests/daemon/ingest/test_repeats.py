"""A thread that is posted again: its messages are passed on whole once, and stand in the store in any case."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.ingest.line import Line
from tests.daemon.ingest.scripted import (
    NOON_MS,
    RECEIVED_AT,
    PluginTelling,
    deliveries,
    delivery,
    envelope,
    line_of,
    reader_of,
    reader_plugged,
    says,
)
from tests.daemon.store.projected import change_feed, projections
from veilleur.ingest.reading import Reader
from veilleur.ingest.repeats import Repeats
from veilleur.model.arrival import Arrival, Fate
from veilleur.model.identity import MessageSlot, Owner, mention_id
from veilleur.store.database import Database
from veilleur.store.opening import open_database

THREAD = [says(f"mot {number}", at_ms=NOON_MS + number) for number in range(6)]
POSTINGS = [envelope(number, *THREAD[max(0, number - 4) : number]) for number in range(1, 7)]


@pytest.fixture
def reader() -> Reader:
    return reader_of(repeats=Repeats())


@pytest.fixture
def told_in_full(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(f"sqlite:///{tmp_path / 'whole.db'}")) as opened:
        yield opened


def read(reader: Reader, *trees: dict[str, Any]) -> list[Arrival]:
    found = reader.read_all(deliveries(trees))
    return [one for one in found if isinstance(one, Arrival)]


def test_what_was_passed_on_before_is_named_and_only_what_is_new_is_told(reader: Reader) -> None:
    first, second = (one.reading for one in read(reader, *POSTINGS[:2]))
    assert (len(first.repeated), len(first.sightings)) == (0, 1)
    assert second.repeated == (first.sightings[0].id,)
    assert second.mention_ids == [first.sightings[0].id, second.sightings[0].id]


def test_an_earlier_capture_tells_its_messages_whole(reader: Reader) -> None:
    later, earlier = read(reader, POSTINGS[1], POSTINGS[0])
    assert (later.reading.repeated, earlier.reading.repeated) == ((), ())


def test_a_message_behind_a_new_one_is_told_whole(reader: Reader) -> None:
    read(reader, envelope(1, THREAD[1]))
    [late] = read(reader, envelope(2, THREAD[0], THREAD[1]))
    assert (late.reading.repeated, len(late.reading.sightings)) == ((), 2)


def test_what_a_plug_in_reads_is_always_whole() -> None:
    plugged = reader_plugged(PluginTelling(), repeats=Repeats())
    assert [len(one.reading.sightings) for one in read(plugged, *POSTINGS[:2])] == [1, 2]


def test_what_is_read_again_is_whole(reader: Reader) -> None:
    read(reader, *POSTINGS[:2])
    [again] = reader.read_again([(delivery(POSTINGS[1]).payload, RECEIVED_AT)])
    assert again is not None
    assert len(again.reading.sightings) == 2


def test_of_too_many_messages_the_oldest_are_forgotten() -> None:
    repeats, owner = Repeats(2), Owner("salle-1", 0, "com.whatsapp")
    slots = [MessageSlot("chat", "Zoé", NOON_MS, words) for words in "abc"]
    assert repeats.pass_on(owner, slots, 1) == ()
    newest = (mention_id(owner, slots[1]), mention_id(owner, slots[2]))
    assert repeats.pass_on(owner, slots[1:], 2) == newest
    assert repeats.pass_on(owner, slots[:1], 2) == ()


@pytest.mark.parametrize("seed", range(4))
def test_in_any_order_the_store_is_the_same_as_where_every_message_is_told_whole(
    database: Database, told_in_full: Database, reader: Reader, seed: int
) -> None:
    """Broken once: messages were named whatever their capture, and `told_whole` gave back what it was given."""
    whole, named = line_of(told_in_full), Line(database, reader, lambda: RECEIVED_AT)
    order = deliveries(random.Random(seed).sample(POSTINGS, len(POSTINGS)))
    for batch in (order[:2], order[2:3], order[3:]):
        assert named.take_in(batch) == whole.take_in(batch)
    assert projections(database) == projections(told_in_full)


def test_a_message_whose_first_posting_was_never_stored_is_told_by_the_next(database: Database, reader: Reader) -> None:
    """Broken once: `told_whole` gave back what it was given, and the message stood in no mention."""
    read(reader, POSTINGS[0])
    fate = Line(database, reader, lambda: RECEIVED_AT).take_in([delivery(POSTINGS[1])])
    assert fate == Fate(parsed=1, new_mentions=2)


def test_a_message_that_a_later_posting_told_is_told_by_the_earlier(database: Database, reader: Reader) -> None:
    """Broken once: `told_whole` asked only whether a message is stored, not by which capture."""
    line_of(database).take_in([delivery(POSTINGS[2])])
    read(reader, POSTINGS[0])
    Line(database, reader, lambda: RECEIVED_AT).take_in([delivery(POSTINGS[1])])
    assert [op for _, _, op, _ in change_feed(database)] == ["created"] * 3 + ["changed"] * 2
