"""What arrived since the last look: counted once, and kept where nobody could read or understand it."""

from __future__ import annotations

from msgspec.structs import replace
from sqlalchemy import update

from tests.daemon.store.arrivals import NOON_MS, arrival, dead
from veilleur.model.arrival import Arrival, DeadArrival
from veilleur.model.coverage import CoverageCause, CoverageFilter
from veilleur.model.kinds import OutcomeKind
from veilleur.model.scope import Scope
from veilleur.store.arrival_ledger import Cursor, arrivals_after, recount_quarantine
from veilleur.store.commit import commit_batch
from veilleur.store.coverage import list_coverage
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.tables import outcomes

ALL = Scope(may_read_private=True)
DAY_MS = 86_400_000


def unknown(seq: int, *, later_ms: int = 0) -> Arrival:
    made = arrival(seq, outcome=OutcomeKind.QUARANTINED, captured_at_ms=NOON_MS + seq + later_ms)
    return replace(made, received_at_ms=NOON_MS + later_ms + 60_000)


def hidden(seq: int, reason: str) -> Arrival:
    made = arrival(seq, outcome=OutcomeKind.IGNORED)
    return replace(made, reading=replace(made.reading, reason=reason))


def told(database: Database) -> list[tuple[str, str, int | None]]:
    intervals = list_coverage(database, ALL, CoverageFilter()).intervals
    return sorted((one.cause, one.subject, one.count) for one in intervals)


def test_what_nobody_understands_is_one_row_a_day_and_app(database: Database) -> None:
    commit_batch(database, [unknown(1), arrival(2), unknown(3)], now_ms=NOON_MS)
    _, cursor = arrivals_after(database, Cursor())
    commit_batch(database, [unknown(4), unknown(5, later_ms=DAY_MS)], now_ms=NOON_MS)
    arrivals_after(database, cursor)
    later, first = list_coverage(database, ALL).intervals
    assert (first.cause, first.subject, first.count) == (CoverageCause.QUARANTINED, "com.whatsapp", 3)
    assert (first.since_at, first.until_at) == (from_ms(NOON_MS + 1), from_ms(NOON_MS + 4))
    assert (later.count, later.since_at) == (1, from_ms(NOON_MS + 5 + DAY_MS))


def test_words_that_android_or_the_app_hid_are_told_by_cause(database: Database) -> None:
    batch: list[Arrival | DeadArrival] = [hidden(1, "redacted"), hidden(2, "collapsed_count"), hidden(3, "summary")]
    batch.append(dead(b"{", seq=4))
    commit_batch(database, batch, now_ms=NOON_MS)
    arrivals_after(database, Cursor())
    assert told(database) == [
        ("collapsed", "com.whatsapp", 1),
        ("quarantined", "unreadable:not_json", 1),
        ("redacted", "com.whatsapp", 1),
    ]


def test_each_arrival_is_counted_once_though_a_daemon_starts_anew(database: Database) -> None:
    commit_batch(database, [unknown(1), dead(b"{", seq=2)], now_ms=NOON_MS)
    first, _ = arrivals_after(database, Cursor())
    again, _ = arrivals_after(database, Cursor())
    assert [tally.count for tally in first.notifications] == [1]
    assert (again.notifications, again.dead_letters) == ((), ())
    assert told(database) == [("quarantined", "com.whatsapp", 1), ("quarantined", "unreadable:not_json", 1)]


def test_counts_say_the_app_the_outcome_and_the_devices_own_span(database: Database) -> None:
    commit_batch(database, [arrival(1), arrival(9), unknown(4)], now_ms=NOON_MS)
    seen, cursor = arrivals_after(database, Cursor())
    parsed = next(tally for tally in seen.notifications if tally.outcome is OutcomeKind.PARSED)
    assert (parsed.package, parsed.count) == ("com.whatsapp", 2)
    assert (parsed.first_captured_at, parsed.last_captured_at) == (from_ms(NOON_MS + 1), from_ms(NOON_MS + 9))
    assert parsed.received_at == from_ms(NOON_MS + 60_000)
    assert arrivals_after(database, cursor)[0].notifications == ()


def test_a_reparse_takes_what_it_understood_out_of_the_ledger(database: Database) -> None:
    commit_batch(database, [unknown(1), unknown(2), hidden(3, "redacted"), dead(b"{", seq=4)], now_ms=NOON_MS)
    _, cursor = arrivals_after(database, Cursor())
    with database.writing() as connection:
        understood = update(outcomes).where(outcomes.c.notification_id == 1)
        connection.execute(understood.values(outcome=OutcomeKind.PARSED.value))
    recount_quarantine(database)
    expected = [
        ("quarantined", "com.whatsapp", 1),
        ("quarantined", "unreadable:not_json", 1),
        ("redacted", "com.whatsapp", 1),
    ]
    assert told(database) == expected
    arrivals_after(database, cursor)
    assert told(database) == expected


def test_a_recount_and_a_look_count_each_arrival_once(database: Database) -> None:
    commit_batch(database, [unknown(1), hidden(2, "redacted")], now_ms=NOON_MS)
    for _ in range(2):
        recount_quarantine(database)
        arrivals_after(database, Cursor())
        assert told(database) == [("quarantined", "com.whatsapp", 1), ("redacted", "com.whatsapp", 1)]
