"""Ids of events sort as they were made and never repeat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from veilleur_bridge.event_id import new_event_id

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def test_an_id_is_a_uuid_of_version_seven_that_holds_its_time() -> None:
    made = UUID(new_event_id(AT))

    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == int(AT.timestamp() * 1000)


def test_ids_sort_by_time_and_differ_within_it() -> None:
    made = [new_event_id(AT + timedelta(milliseconds=at)) for at in range(100)]

    assert made == sorted(made)
    assert len({new_event_id(AT) for _ in range(1000)}) == 1000


def test_a_tablet_in_1900_has_ids_too() -> None:
    assert UUID(new_event_id(datetime(1900, 1, 1, tzinfo=UTC))).version == 7
