"""When a schedule is due, and which period it then tells: pure, in the days of its zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from veilleur.model.report import Period
from veilleur.model.report_schedule import Every, ReportKind, ReportScheduleDraft
from veilleur.query.periods import read_period

_WEEK: Final = 7
_PERIODS: Final = {Every.DAY: "1d", Every.WEEK: "7d"}


def due_after(draft: ReportScheduleDraft, after: datetime) -> datetime:
    """Return the first time after an instant at which a schedule is due; weeks begin on Monday, months on the first."""
    day = _first_day(draft.every, after.astimezone(ZoneInfo(draft.zone)).date())
    while (due_at := _due_on(draft, day)) <= after:
        day = _next(draft.every, day)
    return due_at


def due_before(draft: ReportScheduleDraft, now: datetime) -> datetime:
    """Return the latest time until now at which a schedule was due."""
    day = _first_day(draft.every, now.astimezone(ZoneInfo(draft.zone)).date())
    while (due_at := _due_on(draft, day)) > now:
        day = _first_day(draft.every, day - timedelta(days=1))
    return due_at


def told_period(draft: ReportScheduleDraft, due_at: datetime) -> Period:
    """Return the period that a report due then tells: the days before; a morning message, the time since the last."""
    if draft.kind is ReportKind.MORNING:
        before = due_before(draft, due_at - timedelta.resolution)
        return Period(before, due_at, due_before(draft, before - timedelta.resolution), before)
    zone = ZoneInfo(draft.zone)
    if draft.every is Every.MONTH:
        month = due_at.astimezone(zone).date().replace(day=1) - timedelta(days=1)
        return read_period(f"{month:%Y-%m}", now=due_at, zone=zone)
    return read_period(_PERIODS[draft.every], now=due_at, zone=zone)


def _first_day(every: Every, day: date) -> date:
    match every:
        case Every.DAY:
            return day
        case Every.WEEK:
            return day - timedelta(days=day.weekday())
        case Every.MONTH:
            return day.replace(day=1)


def _next(every: Every, day: date) -> date:
    match every:
        case Every.DAY:
            return day + timedelta(days=1)
        case Every.WEEK:
            return day + timedelta(days=_WEEK)
        case Every.MONTH:
            return (day + timedelta(days=31)).replace(day=1)


def _due_on(draft: ReportScheduleDraft, day: date) -> datetime:
    hour, minute = divmod(draft.at_minute, 60)
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(draft.zone))
    return local.astimezone(UTC)
