"""The coverage calendar: each day of each device in words, four weeks at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.daemon.dashboard.visiting import Browser, Clock, pages_of, person_in
from veilleur.dashboard.seen_days import Seen, seen_days
from veilleur.model.coverage import CoverageCause, CoverageInterval
from veilleur.store.database import Database

PARIS = ZoneInfo("Europe/Paris")


def hole(cause: CoverageCause, since: str, until: str | None) -> CoverageInterval:
    return CoverageInterval(
        device="salle-1",
        cause=cause,
        subject="device",
        since_at=datetime.fromisoformat(since),
        until_at=None if until is None else datetime.fromisoformat(until),
        count=None,
        detail=None,
    )


def test_days_are_the_viewer_s_and_overlaps_count_once() -> None:
    holes = [
        hole(CoverageCause.OFFLINE, "2026-11-16T21:00Z", "2026-11-17T01:00Z"),
        hole(CoverageCause.LISTENER_DEAD, "2026-11-16T22:00Z", "2026-11-17T02:00Z"),
        hole(CoverageCause.GAP, "2026-11-18T09:00Z", "2026-11-18T09:01Z"),
        hole(CoverageCause.DROPPED, "2026-11-19T09:00Z", "2026-11-19T10:00Z"),
        hole(CoverageCause.OFFLINE, "2026-11-20T01:00Z", None),
    ]
    days = list(seen_days(holes, PARIS, datetime(2026, 11, 16, 8, tzinfo=UTC), datetime(2026, 11, 20, 20, tzinfo=UTC)))

    assert [day.day.day for day in days] == [16, 17, 18, 19, 20]
    assert [day.dark_s / 3600 for day in days] == [2, 3, 0, 0, 19]
    assert [day.other_holes for day in days] == [0, 0, 1, 0, 0]
    assert [day.seen for day in days] == [Seen.PART, Seen.PART, Seen.PART, Seen.WHOLE, Seen.DARK]
    assert days[1].causes == (CoverageCause.OFFLINE, CoverageCause.LISTENER_DEAD)


def test_four_weeks_are_shown_and_the_four_before_are_one_click_away(database: Database) -> None:
    person_in(database)
    browser = Browser(pages_of(database, clock=Clock(at=datetime(2026, 11, 22, 12, tzinfo=UTC))))
    browser.sign_in()
    page = browser.get("/state/coverage").text

    assert 'href="/devices/salle-1"' in page
    assert "Mon 26 Oct – Sun 22 Nov" in page
    assert 'href="?through=2026-10-25"' in page
    assert "weeks later" not in page
    earlier = browser.get("/state/coverage", through="2026-10-25").text
    assert 'href="?through=2026-11-22"' in earlier
    assert "It was not there yet." in earlier
