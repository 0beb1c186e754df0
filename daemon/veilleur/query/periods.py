"""Reads the period of a report: whole days, weeks and months of a reader's zone, and the one before each."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from veilleur.model.errors import QueryError
from veilleur.model.report import Period

MOST_DAYS: Final = 366
PERIOD_HELP: Final = "a period such as 7d, 24h, 2026-11-20, 2026-W46, 2026-11 or 2026-11-09..2026-11-15"
_BACK: Final = re.compile(r"(\d{1,4})([hd])")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_WEEK: Final = re.compile(r"\d{4}-W\d{2}")
_MONTH: Final = re.compile(r"\d{4}-\d{2}")
_RANGE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")
_HOURS: Final = "h"
_DAYS_OF_WEEK: Final = 7


def read_period(text: str, *, now: datetime, zone: tzinfo) -> Period:
    """Return the period that a text names; raises QueryError where it names none that has begun.

    `7d` are the seven whole days before today, `24h` the hours up to now, `A..B` the days from A through B.
    A week begins on Monday (ISO 8601), a month is compared with the calendar month before.
    """
    try:
        days = _hours(text, now) or _back(text, now, zone) or _named(text)
        if days is None:
            raise QueryError(1, PERIOD_HELP)
        period = days if isinstance(days, Period) else _of_days(*days, zone)
    except (ValueError, OverflowError):
        raise QueryError(1, PERIOD_HELP) from None
    if period.since_at >= now:
        raise QueryError(1, "a period that has begun")
    if period.until_at - period.since_at > timedelta(days=MOST_DAYS + 1):
        raise QueryError(1, f"a period of at most {MOST_DAYS} days")
    return period if period.until_at <= now else _so_far(period, now)


def _hours(text: str, now: datetime) -> Period | None:
    match = _BACK.fullmatch(text)
    if match is None or match[2] != _HOURS:
        return None
    length = _positive(timedelta(hours=int(match[1])))
    return Period(now - length, now, now - 2 * length, now - length)


def _back(text: str, now: datetime, zone: tzinfo) -> tuple[date, date, date] | None:
    match = _BACK.fullmatch(text)
    if match is None:
        return None
    today, length = now.astimezone(zone).date(), _positive(timedelta(days=int(match[1])))
    return today - 2 * length, today - length, today


def _named(text: str) -> tuple[date, date, date] | None:
    """Return the first day of the period before, that of the period, and that after it."""
    if (match := _RANGE.fullmatch(text)) is not None:
        first, after = date.fromisoformat(match[1]), date.fromisoformat(match[2]) + timedelta(days=1)
        return first - _positive(after - first), first, after
    if _DAY.fullmatch(text):
        first, length = date.fromisoformat(text), timedelta(days=1)
    elif _WEEK.fullmatch(text):
        first, length = date.fromisoformat(f"{text}-1"), timedelta(days=_DAYS_OF_WEEK)
    elif _MONTH.fullmatch(text):
        first = date.fromisoformat(f"{text}-01")
        return (first - timedelta(days=1)).replace(day=1), first, (first + timedelta(days=31)).replace(day=1)
    else:
        return None
    return first - length, first, first + length


def _of_days(before: date, first: date, after: date, zone: tzinfo) -> Period:
    begin, end = _midnight(first, zone), _midnight(after, zone)
    return Period(begin, end, _midnight(before, zone), begin)


def _so_far(period: Period, now: datetime) -> Period:
    passed = now - period.since_at
    cut_at = min(period.before_since_at + passed, period.before_until_at)
    return Period(period.since_at, now, period.before_since_at, cut_at, is_over=False)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _positive(length: timedelta) -> timedelta:
    if length <= timedelta():
        raise QueryError(1, PERIOD_HELP)
    return length
