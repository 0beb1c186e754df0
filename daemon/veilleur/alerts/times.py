"""When an alert is told: at once, with others, or after the night; and when it goes to the next on the list. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from veilleur.model.alert import AlertRuleDraft, Digest, QuietHours
from veilleur.model.delivery import Severity


def first_telling(draft: AlertRuleDraft, opened_at: datetime) -> datetime:
    """Return when an alert that was opened now is told first: what is urgent waits for its group alone."""
    at = opened_at + timedelta(minutes=draft.group_minutes)
    if draft.severity is Severity.URGENT:
        return at
    return after_quiet(draft, _digested(draft, at))


def next_telling(draft: AlertRuleDraft, told_at: datetime, told_count: int) -> datetime | None:
    """Return when the next of an on-call list is told of an alert that nobody took on; None where there is no next."""
    if draft.escalate_minutes is None or told_count >= len(draft.receivers):
        return None
    at = told_at + timedelta(minutes=draft.escalate_minutes)
    return at if draft.severity is Severity.URGENT else after_quiet(draft, at)


def after_quiet(draft: AlertRuleDraft, at: datetime) -> datetime:
    """Return `at`, or the end of the quiet hours that it falls into, by the clocks of the rule's zone."""
    if draft.quiet is None:
        return at
    local = at.astimezone(ZoneInfo(draft.zone))
    minute = local.hour * 60 + local.minute
    if not _is_quiet(draft.quiet, minute):
        return at
    is_tomorrow = minute >= draft.quiet.until_minute
    return _at_minute(local + timedelta(days=is_tomorrow), draft.quiet.until_minute, at)


def receivers_at(draft: AlertRuleDraft, told_count: int) -> tuple[str, ...]:
    """Return who is told when so many tellings went before: all at once, or one after the other."""
    return draft.receivers if draft.escalate_minutes is None else draft.receivers[told_count : told_count + 1]


def _is_quiet(quiet: QuietHours, minute: int) -> bool:
    if quiet.from_minute <= quiet.until_minute:
        return quiet.from_minute <= minute < quiet.until_minute
    return minute >= quiet.from_minute or minute < quiet.until_minute


def _digested(draft: AlertRuleDraft, at: datetime) -> datetime:
    match draft.digest:
        case Digest.NONE:
            return at
        case Digest.HOURLY:
            begun = at.replace(minute=0, second=0, microsecond=0)
            return begun if begun == at else begun + timedelta(hours=1)
        case Digest.DAILY:
            local = at.astimezone(ZoneInfo(draft.zone))
            today = _at_minute(local, draft.digest_minute, at)
            return today if today >= at else _at_minute(local + timedelta(days=1), draft.digest_minute, at)


def _at_minute(day: datetime, minute: int, like: datetime) -> datetime:
    hours, minutes = divmod(minute, 60)
    return datetime.combine(day.date(), time(hours % 24, minutes), day.tzinfo).astimezone(like.tzinfo)
