"""The line as one call: a batch in, one commit, and what does not fit takes nothing else with it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.bridge.envelopes import payload_of
from tests.daemon.ingest.scripted import deliveries, delivery, envelope, line_of, says
from tests.daemon.store.projected import change_feed, told
from veilleur.model.arrival import Fate
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING
from veilleur.store.database import Database
from veilleur.store.mentions import page_mentions
from veilleur.store.tables import dead_letters, epochs

EVERYONE = Scope(may_read_private=True)
MIXED = [
    delivery(envelope(1, says("froid"), says("encore"))),
    delivery(envelope(2)),
    delivery(envelope(3, says("x"), title="unknown")),
    delivery(payload_of(envelope(4, says("froid")))[:-9]),
    delivery(b"\xff"),
    delivery(envelope(1, says("froid"), says("encore"))),
]


def watermark(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(epochs.c.watermark)).scalar_one())


def test_a_batch_goes_the_whole_line_and_again_adds_nothing(database: Database) -> None:
    line = line_of(database)
    assert line.take_in(MIXED) == Fate(parsed=1, ignored=1, quarantined=1, dead=2, duplicate=1, new_mentions=2)
    assert line.take_in(MIXED) == Fate(duplicate=6)
    assert watermark(database) == 4


def test_an_empty_batch_is_nothing(database: Database) -> None:
    assert line_of(database).take_in([]) == Fate()


def test_what_is_replayed_is_marked_so_in_the_change_feed(database: Database) -> None:
    line = line_of(database)
    line.take_in([delivery(envelope(1, says("froid")))], is_replayed=True)
    line.take_in([delivery(envelope(2, says("encore")))])
    assert [(words, is_replayed) for _, words, _, is_replayed in change_feed(database)] == [
        ("froid", True),
        ("encore", False),
    ]


@pytest.mark.parametrize("position", range(1, 6))
def test_a_value_that_does_not_fit_takes_nothing_else_with_it(database: Database, position: int) -> None:
    """A count of 71 bits fits neither database: its envelope is kept as a dead letter, and the others as they are."""
    log = [envelope(seq, says("huge" if seq == position else f"mot {seq}")) for seq in range(1, 6)]
    line = line_of(database)
    assert line.take_in(deliveries(log)) == Fate(parsed=4, dead=1, new_mentions=4)
    assert sorted(told(database).values()) == sorted(f"mot {seq}" for seq in range(1, 6) if seq != position)
    with database.reading() as connection:
        [letter] = connection.execute(select(dead_letters)).all()
    assert (letter.reason, letter.seq, bytes(letter.payload)) == ("unstorable", position, payload_of(log[position - 1]))
    assert watermark(database) == 5
    assert line.take_in(deliveries(log)) == Fate(duplicate=5)


def test_an_absurd_time_costs_no_list(database: Database) -> None:
    """A date beyond the year 9999 was stored, and every list that held it failed."""
    line_of(database).take_in([delivery(envelope(1, says("froid", at_ms=2**62), says("encore")))])
    page = page_mentions(database, EVERYONE, EVERYTHING, limit=9)
    assert {(one.body, one.occurred_at is None) for one in page.mentions} == {("froid", True), ("encore", False)}
