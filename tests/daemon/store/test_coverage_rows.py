"""The coverage ledger's rows: states begin once and end once, counts of a day add up, drops are counted once."""

from __future__ import annotations

from datetime import timedelta

from tests.daemon.store.device_rows import NOON, make_device
from veilleur.model.coverage import CoverageCause, CoverageInterval
from veilleur.model.scope import Scope
from veilleur.store.coverage import completeness, list_coverage
from veilleur.store.coverage_rows import (
    DropCounts,
    Ending,
    LedgerRow,
    StateChanges,
    add_counts,
    open_states,
    tell_drops,
    write_states,
)
from veilleur.store.database import Database
from veilleur.store.instants import to_ms

ALL = Scope(may_read_private=True)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def away(device_id: int, hours_ago: int = 2) -> LedgerRow:
    since_ms = to_ms(NOON - hours_ago * HOUR)
    return LedgerRow(
        device_id=device_id, cause=CoverageCause.OFFLINE, subject="device", since_ms=since_ms, until_ms=None
    )


def listed(database: Database) -> list[CoverageInterval]:
    return list(list_coverage(database, ALL).intervals)


def drops(count: int, minutes: int = 0, *, epoch: str = "e1", reason: str = "app") -> DropCounts:
    return DropCounts(epoch, {reason: count}, NOON + minutes * MINUTE)


def told_drops(database: Database) -> list[tuple[str, int | None]]:
    return sorted((one.subject, one.count) for one in listed(database))


def test_a_state_begins_is_open_and_ends(database: Database) -> None:
    write_states(database, StateChanges(begun=(away(make_device(database)),)))
    (opened,) = open_states(database)
    assert (opened.cause, opened.subject, opened.since_at) == (CoverageCause.OFFLINE, "device", NOON - 2 * HOUR)
    write_states(database, StateChanges(ended=(Ending(opened.row_id, NOON, "back"),)))
    assert open_states(database) == ()
    assert [(one.until_at, one.detail) for one in listed(database)] == [(NOON, "back")]


def test_a_state_that_ended_is_not_ended_again(database: Database) -> None:
    write_states(database, StateChanges(begun=(away(make_device(database)),)))
    (opened,) = open_states(database)
    for until in (NOON, NOON + HOUR):
        write_states(database, StateChanges(ended=(Ending(opened.row_id, until, None),)))
    assert [one.until_at for one in listed(database)] == [NOON]


def test_no_state_ends_before_it_began_whatever_two_clocks_say(database: Database) -> None:
    write_states(database, StateChanges(begun=(away(make_device(database)),)))
    (opened,) = open_states(database)
    write_states(database, StateChanges(ended=(Ending(opened.row_id, NOON - 9 * HOUR, None),)))
    assert [(one.since_at, one.until_at) for one in listed(database)] == [(NOON - 2 * HOUR, NOON - 2 * HOUR)]


def test_a_state_is_reworded_where_it_stands(database: Database) -> None:
    write_states(database, StateChanges(begun=(away(make_device(database)),)))
    (opened,) = open_states(database)
    write_states(database, StateChanges(reworded=((opened.row_id, "silent"),)))
    assert [one.detail for one in open_states(database)] == ["silent"]


def test_a_state_that_comes_back_to_the_same_instant_goes_on(database: Database) -> None:
    device_id = make_device(database)
    write_states(database, StateChanges(begun=(away(device_id),)))
    (opened,) = open_states(database)
    write_states(database, StateChanges(ended=(Ending(opened.row_id, NOON, None),)))
    write_states(database, StateChanges(begun=(away(device_id),)))
    assert [one.until_at for one in listed(database)] == [None]


def test_counts_of_one_day_are_one_row_that_spans_them_and_the_next_day_has_its_own(database: Database) -> None:
    device_id = make_device(database)

    def row(hours: int, count: int) -> LedgerRow:
        since_ms = to_ms(NOON + hours * HOUR)
        about = {"device_id": device_id, "cause": CoverageCause.REDACTED, "subject": "a"}
        return LedgerRow(**about, since_ms=since_ms, until_ms=since_ms + 5, count=count)  # type: ignore[arg-type]  # a dict of three

    with database.writing() as connection:
        add_counts(connection, [row(3, 2), row(1, 1), row(13, 7)])
    with database.writing() as connection:
        add_counts(connection, [row(4, 4)])
    later, first = listed(database)
    assert (first.count, first.since_at) == (7, NOON + HOUR)
    assert first.until_at == NOON + 4 * HOUR + timedelta(milliseconds=5)
    assert (later.count, later.since_at) == (7, NOON + 13 * HOUR)


def test_drops_are_counted_once_however_often_a_status_tells_them(database: Database) -> None:
    device_id = make_device(database)
    tell_drops(database, device_id, drops(10), None)
    tell_drops(database, device_id, drops(14, 1), drops(10))
    tell_drops(database, device_id, drops(14, 2), drops(14, 1))
    assert told_drops(database) == [("e1:app", 14)]
    (row,) = listed(database)
    assert (row.since_at, row.until_at) == (NOON, NOON + MINUTE)


def test_a_daemon_that_starts_anew_goes_on_from_what_was_told(database: Database) -> None:
    device_id = make_device(database)
    tell_drops(database, device_id, drops(10), None)
    tell_drops(database, device_id, drops(13, 1), None)
    assert told_drops(database) == [("e1:app", 13)]


def test_counts_that_fell_were_begun_anew_by_the_devices_program(database: Database) -> None:
    device_id = make_device(database)
    tell_drops(database, device_id, drops(10), None)
    tell_drops(database, device_id, drops(3, 1), drops(10))
    assert told_drops(database) == [("e1:app", 13)]


def test_another_epoch_counts_from_nothing(database: Database) -> None:
    device_id = make_device(database)
    tell_drops(database, device_id, drops(10), None)
    tell_drops(database, device_id, drops(4, 1, epoch="e2"), drops(10))
    assert told_drops(database) == [("e1:app", 10), ("e2:app", 4)]


def test_what_was_dropped_as_configured_is_no_hole_of_a_list(database: Database) -> None:
    device_id = make_device(database)
    tell_drops(database, device_id, drops(10), None)
    assert completeness(database, ALL).intervals == ()
    write_states(database, StateChanges(begun=(away(device_id),)))
    assert [one.cause for one in completeness(database, ALL).intervals] == [CoverageCause.OFFLINE]
