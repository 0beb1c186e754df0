"""Catches: a week that begins on Sunday, a month compared with thirty days, a change of clocks that shifts midnight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from veilleur.model.errors import QueryError
from veilleur.model.report import Period
from veilleur.query.periods import read_period

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)


def read(text: str, *, now: datetime = NOW) -> Period:
    return read_period(text, now=now, zone=PARIS)


def paris(*parts: int) -> datetime:
    year, month, day = parts
    return datetime(year, month, day, tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "before", "since", "until"),
    [
        ("7d", (2026, 11, 8), (2026, 11, 15), (2026, 11, 22)),
        ("1d", (2026, 11, 20), (2026, 11, 21), (2026, 11, 22)),
        ("2026-11-20", (2026, 11, 19), (2026, 11, 20), (2026, 11, 21)),
        ("2026-W46", (2026, 11, 2), (2026, 11, 9), (2026, 11, 16)),
        ("2026-W01", (2025, 12, 22), (2025, 12, 29), (2026, 1, 5)),
        ("2026-10", (2026, 9, 1), (2026, 10, 1), (2026, 11, 1)),
        ("2026-01", (2025, 12, 1), (2026, 1, 1), (2026, 2, 1)),
        ("2024-02", (2024, 1, 1), (2024, 2, 1), (2024, 3, 1)),
        ("2026-11-09..2026-11-15", (2026, 11, 2), (2026, 11, 9), (2026, 11, 16)),
    ],
)
def test_a_period_is_whole_days_of_the_zone_beside_the_one_before(
    text: str, before: tuple[int, ...], since: tuple[int, ...], until: tuple[int, ...]
) -> None:
    assert read(text) == Period(paris(*since), paris(*until), paris(*before), paris(*since))


def test_hours_go_up_to_now_and_are_compared_with_as_many_before() -> None:
    hours = timedelta(hours=24)
    assert read("24h") == Period(NOW - hours, NOW, NOW - 2 * hours, NOW - hours)


def test_a_day_on_which_clocks_change_is_as_long_as_it_is() -> None:
    day = read("2026-10-25")
    assert (day.until_at - day.since_at, day.since_at - day.before_since_at) == (
        timedelta(hours=25),
        timedelta(hours=24),
    )


def test_a_period_that_is_not_over_is_cut_to_now_and_so_is_the_one_before() -> None:
    week = read("2026-W47")
    passed = NOW - paris(2026, 11, 16)
    assert week == Period(paris(2026, 11, 16), NOW, paris(2026, 11, 9), paris(2026, 11, 9) + passed, is_over=False)


def test_a_month_longer_than_the_one_before_is_compared_with_no_more_than_all_of_that() -> None:
    march = read("2026-03", now=datetime(2026, 3, 31, 12, tzinfo=UTC))
    assert march.before_until_at == march.since_at == paris(2026, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "week",
        "0d",
        "0h",
        "7",
        "2026-W54",
        "2026-13",
        "2026-02-30",
        "2026-11-15..2026-11-09",
        "2026-12",
        "2026-11-23",
        "9999d",
        "2024-01-01..2026-01-01",
        "0001-01-01",
        "9999-12-31",
        "٢٠٢٦-11",
    ],
)
def test_what_is_no_period_or_has_not_begun_or_is_too_long_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(QueryError, match="a period"):
        read(text)
