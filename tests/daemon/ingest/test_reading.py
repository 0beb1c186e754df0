"""One delivery read: decoded, screened, parsed; or dead, with its reason and all that can be told of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.bridge.envelopes import payload_of
from tests.daemon.ingest.scripted import DEVICE, NOON_MS, RECEIVED_AT, delivery, envelope, reader_of, says
from veilleur.model.arrival import Arrival, DeadArrival, IndexTokens, SeqPlace
from veilleur.model.identity import MessageSlot, Owner, mention_id, slot_id
from veilleur.model.kinds import OutcomeKind, TimeQuality

RECEIVED_MS = int(RECEIVED_AT.timestamp()) * 1_000
READER = reader_of()
CARD = "ma carte 4111 1111 1111 1111 merci"


def read(content: dict[str, Any] | bytes, device: str | None = DEVICE) -> Arrival:
    found = READER.read(delivery(content, device))
    assert isinstance(found, Arrival), found
    return found


def read_dead(content: dict[str, Any] | bytes, device: str | None = DEVICE) -> DeadArrival:
    found = READER.read(delivery(content, device))
    assert isinstance(found, DeadArrival), found
    return found


def test_an_envelope_arrives_with_its_provenance_and_its_own_bytes() -> None:
    tree = envelope(7, says("froid"))
    arrival = read(tree)
    assert (arrival.device, arrival.place, arrival.envelope_id) == (DEVICE, SeqPlace("e1", 7, 7), tree["id"])
    assert (arrival.package, arrival.event) == ("app.scripted", "posted")
    assert (arrival.captured_at_ms, arrival.received_at_ms) == (NOON_MS + 7, RECEIVED_MS)
    assert (arrival.payload, arrival.changed) == (payload_of(tree), ())


def test_an_imported_record_has_no_place() -> None:
    tree = {name: value for name, value in envelope(1, says("froid")).items() if name not in {"epoch", "seq"}}
    assert read(tree, device=None).place is None


def test_a_lost_event_answers_for_its_whole_range() -> None:
    tree = {name: value for name, value in envelope(3).items() if name not in {"notification", "app"}}
    arrival = read(tree | {"event": "lost", "through_seq": 9, "reason": "cap"})
    assert arrival.place == SeqPlace("e1", 3, 9)
    assert arrival.reading.outcome is OutcomeKind.IGNORED


def test_a_message_becomes_a_sighting_with_id_slot_time_and_tokens() -> None:
    [sighting] = read(envelope(1, says("L'été #Froid @bar https://e.org", "Élodie"))).reading.sightings
    place = MessageSlot("chat", "Élodie", NOON_MS, "L'été #Froid @bar https://e.org")
    owner = Owner(DEVICE, 0, "app.scripted")
    assert sighting.id == mention_id(owner, place)
    assert sighting.slot == slot_id(owner, "chat", "Élodie", NOON_MS)
    assert (sighting.occurred_at_ms, sighting.happened_at_ms) == (NOON_MS, NOON_MS)
    assert sighting.time_quality is TimeQuality.OCCURRED
    assert (sighting.hashtags, sighting.handles, sighting.links) == (("froid",), ("bar",), ("https://e.org",))
    assert sighting.tokens == IndexTokens("l ete #froid @bar https e org", "elodie")
    assert sighting.fold is None


def test_another_android_user_makes_another_mention_and_none_is_user_0() -> None:
    tree = envelope(1, says("froid"))
    ids = [read(tree | {"user": user}).reading.sightings[0].id for user in (None, 0, 10)]
    assert ids[0] == ids[1] != ids[2]


def test_wordings_that_grow_in_place_share_a_fold_and_others_do_not() -> None:
    folds = [
        read(envelope(seq, says(words), when_ms=when_ms, posted_at_ms=5)).reading.sightings[0].fold
        for seq, words, when_ms in [
            (1, "3 others", 1),
            (2, "12 others", 1),
            (3, "12 others", 2),
            (4, "12 others", None),
        ]
    ]
    assert folds[0] is not None
    assert folds[0] == folds[1]
    assert len(set(folds)) == 3
    assert read(envelope(5, says("froid"), when_ms=1)).reading.sightings[0].fold is None


@pytest.mark.parametrize("at_ms", [2**62, -(2**62), 253_402_214_400_000, -62_135_510_400_001])
def test_a_time_that_no_calendar_holds_is_no_time(at_ms: int) -> None:
    """Stored as it came, it made every list that held the mention fail: no date can be made of it."""
    [sighting] = read(envelope(1, says("froid", at_ms=at_ms))).reading.sightings
    assert sighting.occurred_at_ms is None
    assert (sighting.happened_at_ms, sighting.time_quality) == (NOON_MS + 1, TimeQuality.CAPTURED)
    assert sighting.id == mention_id(Owner(DEVICE, 0, "app.scripted"), MessageSlot("chat", "Nadia", at_ms, "froid"))


@pytest.mark.parametrize("at", [datetime(1, 1, 2, tzinfo=UTC), datetime(1969, 7, 20, tzinfo=UTC)])
def test_an_implausible_time_that_a_calendar_holds_is_kept(at: datetime) -> None:
    at_ms = round((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000
    [sighting] = read(envelope(1, says("froid", at_ms=at_ms))).reading.sightings
    assert (sighting.occurred_at_ms, sighting.happened_at_ms) == (at_ms, NOON_MS + 1)


def test_an_amendment_names_the_slot_of_its_message() -> None:
    reading = read(envelope(1, says("deletes Nadia 0"))).reading
    [amendment] = reading.amendments
    assert amendment.slot == slot_id(Owner(DEVICE, 0, "app.scripted"), "chat", "Nadia", NOON_MS)
    assert (reading.outcome, reading.sightings) == (OutcomeKind.PARSED, ())


@pytest.mark.parametrize(
    ("tree", "outcome", "reason"),
    [
        (envelope(1), OutcomeKind.IGNORED, "no_messages"),
        (envelope(1, says("x"), title="unknown"), OutcomeKind.QUARANTINED, "unknown_wording"),
        (envelope(1, says("x"), title="raise"), OutcomeKind.QUARANTINED, "parser_failed"),
        (envelope(1, says("x")) | {"app": {"package": "app.unheard.of"}}, OutcomeKind.QUARANTINED, None),
    ],
)
def test_what_is_no_mention_says_why_and_who_read_it(
    tree: dict[str, Any], outcome: OutcomeKind, reason: str | None
) -> None:
    reading = read(tree).reading
    assert (reading.outcome, reading.sightings, reading.is_public) == (outcome, (), False)
    assert reading.reason == reason or (reason is None and reading.reason)
    assert reading.parser_version >= 1


@pytest.mark.privacy
@pytest.mark.parametrize(
    ("messages", "is_public"),
    [
        (["froid"], True),
        (["froid", "encore"], True),
        (["froid", "private"], False),
        (["private"], False),
        (["deletes Nadia 0"], False),
    ],
)
def test_a_record_is_public_when_every_mention_in_it_is(messages: list[str], is_public: bool) -> None:
    assert read(envelope(1, *map(says, messages))).reading.is_public is is_public


@pytest.mark.privacy
def test_the_screen_changes_what_is_stored_what_is_told_and_says_so() -> None:
    arrival = read(envelope(1, says(CARD)))
    assert b"4111" not in arrival.payload
    assert "4111" not in str(arrival.reading)
    assert arrival.changed == ("card:notification.messages[0].text",)
    assert json.loads(arrival.payload)["id"] == arrival.envelope_id


@pytest.mark.privacy
@pytest.mark.parametrize("payload", [CARD.encode(), b'{"text": "' + CARD.encode() + b'"}'])
def test_a_dead_letter_is_screened_too(payload: bytes) -> None:
    assert b"4111" not in read_dead(payload).payload
    assert "4111" not in read_dead(payload).detail


def test_a_dead_letter_with_a_readable_head_takes_its_place() -> None:
    tree = envelope(5, title="froid")
    torn = payload_of(tree)[:-5]
    dead = read_dead(torn)
    assert (dead.device, dead.place, dead.envelope_id) == (DEVICE, SeqPlace("e1", 5, 5), tree["id"])
    assert (dead.payload, dead.received_at_ms) == (torn, RECEIVED_MS)
    assert dead.reason
    assert dead.detail


@pytest.mark.parametrize("payload", [b"", b"\xff\xfe", b"[]", b'{"seq": 5}', payload_of(envelope(5))[9:]])
def test_a_dead_letter_without_head_has_no_place(payload: bytes) -> None:
    dead = read_dead(payload)
    assert (dead.device, dead.place, dead.envelope_id) == (DEVICE, None, None)


def test_a_head_that_names_another_device_is_nobodys() -> None:
    dead = read_dead(envelope(5, says("froid")), device="cuisine")
    assert (dead.device, dead.place, dead.envelope_id) == ("cuisine", None, None)


@pytest.mark.attack
def test_a_topic_that_names_no_device_is_cut_to_a_name_that_can_be_stored() -> None:
    """PostgreSQL refused the long name: with it the dead letter, and with that everything after it, for ever."""
    topic = "veilleur/1/devices/" + "X" * 100 + "/notifications"
    assert read_dead(envelope(5), device=topic).device == topic[:64]


def test_stored_bytes_are_read_again_as_they_were_read_first() -> None:
    for tree in (envelope(1, says("froid")), envelope(2, says(CARD))):
        first = read(tree)
        [again] = READER.read_again([(first.payload, RECEIVED_AT)])
        assert again is not None
        assert again.reading == first.reading
        assert (again.payload, again.place, again.captured_at_ms) == (first.payload, first.place, first.captured_at_ms)


def test_stored_bytes_with_a_flipped_bit_are_not_read_again() -> None:
    payload = bytearray(payload_of(envelope(1, says("froid"))))
    payload[0] ^= 1
    assert READER.read_again([(bytes(payload), RECEIVED_AT)]) == [None]
