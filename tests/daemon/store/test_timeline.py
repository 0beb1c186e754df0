"""Timelines: hours, days and weeks of the reader's zone, the same from the roll-up and from the index."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from tests.daemon.store.arrivals import arrival, sighting
from tests.daemon.store.counting import counted_one_by_one
from veilleur.model.counts import Bucket, Grain, Timeline
from veilleur.model.coverage import CoverageCause
from veilleur.model.kinds import MentionKind, Visibility
from veilleur.model.scope import Scope
from veilleur.query.reading import read_query
from veilleur.store.commit import commit_batch
from veilleur.store.coverage_rows import LedgerRow, write_rows
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.timeline import MOST_BUCKETS, read_timeline

EVERYONE = Scope(may_read_private=True)
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
ZONES = ("UTC", "Europe/Paris", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe")


@pytest.fixture
def filled(database: Database) -> Database:
    """Give a store of 300 mentions over the nine days in which Europe and Lord Howe Island change their clocks."""
    chance = Random(5)
    log = []
    for number in range(1, 301):
        at_ms = to_ms(NOW) - chance.randrange(to_ms(NOW) - to_ms(NOW - timedelta(days=32)))
        kind = chance.choice([MentionKind.COMMENT, MentionKind.REPLY])
        visibility = chance.choice([Visibility.PUBLIC, Visibility.GROUP])
        words = f"froid {number}" if number % 3 else f"chaud {number}"
        log.append(arrival(number, sighting(words, at_ms=at_ms, kind=kind, visibility=visibility)))
    commit_batch(database, log, now_ms=to_ms(NOW))
    return database


def told(database: Database, text: str, grain: Grain, zone: str = "UTC", scope: Scope = EVERYONE) -> Timeline:
    query = read_query(text, now=NOW, zone=ZoneInfo(zone))
    return read_timeline(database, scope, query, grain=grain, zone=ZoneInfo(zone), now=NOW)


def counts(found: Timeline) -> list[tuple[datetime, int]]:
    return [(one.starts_at, one.count) for one in found.buckets]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("grain", Grain)
def test_each_bucket_holds_what_happened_in_it(filled: Database, zone: str, grain: Grain) -> None:
    """Seen to fail for Kathmandu, whose days begin at 18:15 UTC, with a `SLOT_MS` of an hour: a week of 77 had 75."""
    found = told(filled, "", grain, zone)
    assert found.total == 300
    assert all(one.ends_at == other.starts_at for one, other in pairwise(found.buckets))
    real = counted_one_by_one(filled, found.buckets)
    assert dict(counts(found)) == {one.starts_at: real[one.starts_at] for one in found.buckets}
    for one in found.buckets:
        local = one.starts_at.astimezone(ZoneInfo(zone))
        assert local.minute == 0
        assert grain is Grain.HOUR or local.hour == 0
        assert grain is not Grain.WEEK or local.weekday() == 0


@pytest.mark.parametrize(
    "text", ["", "since:9d", "since:2026-10-20T11:07", "since:20d until:2026-10-29T03:44", "kind:reply"]
)
@pytest.mark.parametrize("scope", [EVERYONE, Scope()], ids=["private", "public"])
def test_the_roll_up_and_the_index_give_the_same(filled: Database, text: str, scope: Scope) -> None:
    rolled = told(filled, text, Grain.DAY, "Asia/Kolkata", scope)
    # A condition on the confidence, which all have, is nothing that the roll-up knows.
    counted = told(filled, f"{text} confidence:>=0", Grain.DAY, "Asia/Kolkata", scope)
    assert rolled.total > 0
    nonzero = [one for one in counts(rolled) if one[1]]
    assert nonzero == [one for one in counts(counted) if one[1]]


def test_a_filtered_timeline_counts_what_matches(filled: Database) -> None:
    assert told(filled, "froid", Grain.DAY).total == 200
    assert told(filled, "froid kind:reply", Grain.WEEK).total < 200
    assert told(filled, "nothing", Grain.DAY).buckets == ()


def test_a_day_on_which_the_clock_is_changed_has_23_or_25_hours(filled: Database) -> None:
    days = told(filled, "", Grain.DAY, "Europe/Paris").buckets
    long = next(one for one in days if one.starts_at == datetime(2026, 10, 24, 22, tzinfo=UTC))
    assert long.ends_at - long.starts_at == timedelta(hours=25)


def test_what_is_cut_not_over_or_not_seen_is_not_whole(filled: Database) -> None:
    with filled.writing() as connection:
        device_id = connection.exec_driver_sql("SELECT id FROM devices").scalar_one()
        begin = to_ms(datetime(2026, 10, 28, 10, tzinfo=UTC))
        row = LedgerRow(
            device_id=device_id, cause=CoverageCause.OFFLINE, subject="device", since_ms=begin, until_ms=begin + 60_000
        )
        write_rows(connection, [row])
    days: dict[int, Bucket] = {
        one.starts_at.day: one for one in told(filled, "since:2026-10-26T06:00", Grain.DAY).buckets
    }
    assert [day for day, one in days.items() if not one.is_whole] == [26, 28, 1]


def test_a_time_without_end_is_told_by_its_latest_buckets(filled: Database) -> None:
    found = told(filled, "since:2020-01-01", Grain.HOUR)
    assert len(found.buckets) == MOST_BUCKETS
    assert found.counted_since_at == found.buckets[0].starts_at
    assert found.buckets[-1].ends_at == NOW
