"""What came and was not told whole is counted over any time, and a reader of what is public learns nothing by it."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace
from sqlalchemy import insert

from tests.daemon.store.arrivals import NOON_MS, arrival, dead, sighting
from veilleur.model.arrival import Arrival, DeadArrival
from veilleur.model.coverage import Completeness, CoverageCause, CoverageFilter
from veilleur.model.kinds import OutcomeKind, Visibility
from veilleur.model.scope import Scope
from veilleur.store.arrival_ledger import Cursor, arrivals_after
from veilleur.store.commit import commit_batch
from veilleur.store.coverage import completeness, list_coverage, read_unseen
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.shortfall_tables import redacted_notifications

ALL = Scope(may_read_private=True)
PUBLIC = Scope()
DAY = timedelta(days=1)
NOON = from_ms(NOON_MS)
THAT_DAY = CoverageFilter(since_at=NOON - DAY / 2, until_at=NOON + DAY / 2)


def commit(database: Database, *batch: Arrival | DeadArrival) -> None:
    commit_batch(database, batch, now_ms=NOON_MS)
    arrivals_after(database, Cursor())


def unknown(seq: int, *, at_ms: int = NOON_MS) -> Arrival:
    return arrival(seq, outcome=OutcomeKind.QUARANTINED, captured_at_ms=at_ms)


def screened(seq: int, words: str = "code [otp]", *, at_ms: int = NOON_MS) -> Arrival:
    made = arrival(seq, sighting(words, visibility=Visibility.PRIVATE), captured_at_ms=at_ms)
    return replace(made, is_redacted=True)


def counts(database: Database, asked: CoverageFilter = THAT_DAY, scope: Scope = ALL) -> dict[str, int | None]:
    return {one.cause.value: one.count for one in completeness(database, scope, asked).shortfalls}


def test_everything_told_whole_leaves_nothing_to_say(database: Database) -> None:
    commit(database, arrival(1, sighting("one")), arrival(2, sighting("two", sender="Ali")))
    assert counts(database) == {}


def test_what_nobody_read_what_was_hidden_and_what_is_a_number_are_counted(database: Database) -> None:
    commit(
        database,
        unknown(1),
        dead(b"{", seq=2),
        screened(3),
        arrival(4, sighting("liked", others=12)),
        arrival(5, sighting("liked too", sender="Ali", others=3, visibility=Visibility.PRIVATE)),
    )
    assert counts(database) == {"quarantined": 2, "redacted": 1, "collapsed": 15}


def test_only_what_came_in_the_time_that_is_asked_about_counts(database: Database) -> None:
    yesterday = NOON_MS - 86_400_000
    commit(
        database,
        unknown(1, at_ms=yesterday),
        screened(2, at_ms=yesterday),
        arrival(3, sighting("liked", others=12, at_ms=yesterday)),
    )
    assert counts(database) == {}
    earlier = CoverageFilter(since_at=NOON - 2 * DAY, until_at=NOON - DAY / 4)
    assert counts(database, earlier) == {"quarantined": 1, "redacted": 1, "collapsed": 12}
    assert counts(database, CoverageFilter()) == {"quarantined": 1, "redacted": 1, "collapsed": 12}


def test_an_aggregate_that_another_took_the_place_of_is_counted_once(database: Database) -> None:
    fewer, more = (sighting("liked", sender=name, others=n, fold="f") for name, n in (("Ali", 3), ("Bea", 12)))
    commit(database, arrival(1, fewer), arrival(2, more))
    assert counts(database) == {"collapsed": 12}


def test_one_device_and_one_cause_may_be_asked_for(database: Database) -> None:
    elsewhere = replace(screened(2, "other"), device="salle-2")
    commit(database, screened(1), elsewhere, unknown(3), arrival(4, sighting("liked", others=2)))
    of_one = replace(THAT_DAY, device="salle-1")
    assert {one.cause.value: one.count for one in list_coverage(database, ALL, of_one).shortfalls} == {
        "quarantined": 1,
        "redacted": 1,
        "collapsed": 2,
    }
    hidden = replace(THAT_DAY, cause=CoverageCause.REDACTED)
    assert [one.count for one in list_coverage(database, ALL, hidden).shortfalls] == [2]


def test_of_very_many_it_is_said_that_there_are_more(database: Database) -> None:
    commit(database, screened(1))
    with database.writing() as connection:
        row = connection.exec_driver_sql("SELECT device_id FROM redacted_notifications").one()
        rows = [
            {"notification_id": number, "project_id": "default", "device_id": row.device_id, "seen_at": NOON_MS}
            for number in range(2, 10_002)
        ]
        connection.execute(insert(redacted_notifications), rows)
    (told,) = completeness(database, ALL, THAT_DAY).shortfalls
    assert (told.cause, told.count, told.is_more) == (CoverageCause.REDACTED, 10_000, True)


def told_to_public(database: Database) -> tuple[Completeness, Completeness, tuple[int, ...]]:
    with database.reading() as connection:
        unseen = read_unseen(connection, PUBLIC, NOON - 3 * DAY, NOON + 3 * DAY)
    return completeness(database, PUBLIC), list_coverage(database, PUBLIC, THAT_DAY), unseen.begins + unseen.ends


def test_a_public_reader_is_told_no_moment_and_no_number_of_what_may_be_private(database: Database) -> None:
    commit(database, unknown(1), screened(2), arrival(3, sighting("liked", others=12)))
    before = told_to_public(database)
    assert {one.cause.value: one.count for one in before[0].shortfalls} == {
        "quarantined": None,
        "redacted": None,
        "collapsed": 12,
    }
    (interval,) = before[0].intervals
    assert (interval.count, interval.since_at, interval.until_at) == (
        None,
        NOON - DAY / 2,
        NOON + DAY / 2 - timedelta(milliseconds=1),
    )
    liked = sighting("liked in private", sender="Ali", others=40, visibility=Visibility.PRIVATE)
    commit(database, unknown(4, at_ms=NOON_MS - 3_600_000), unknown(5, at_ms=NOON_MS + 3_600_000), screened(6, "b"))
    commit(database, arrival(7, liked))
    assert told_to_public(database) == before


def test_a_public_reader_finds_no_moment_by_asking_for_ever_smaller_times(database: Database) -> None:
    commit(database, unknown(1))
    evening = CoverageFilter(since_at=NOON + DAY / 4, until_at=NOON + DAY / 3)
    assert len(completeness(database, PUBLIC, evening).intervals) == 1
    assert completeness(database, ALL, evening).intervals == ()
