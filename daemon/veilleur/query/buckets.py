"""Where the hours, days and weeks of a reader's zone begin, its summer times and half hours included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice
from typing import Final

from veilleur.model.counts import Grain

_HOUR: Final = timedelta(hours=1)
_QUARTER: Final = timedelta(minutes=15)
_DAYS: Final = {Grain.DAY: 1, Grain.WEEK: 7}


def edges(grain: Grain, since_at: datetime, until_at: datetime, zone: tzinfo, *, most: int) -> list[datetime]:
    """Return the instants, in UTC, between which the buckets of a time lie: the first edge is at or before its begin.

    The last edge is at or after its end, and there are `most` buckets at most: the latest.
    """
    at = until_at
    found = [_begin(grain, at, zone)]
    if found[0] < until_at or since_at == until_at:
        found.insert(0, _next(grain, found[0], zone))
    while found[-1] > since_at and len(found) <= most:
        found.append(_begin(grain, found[-1] - timedelta.resolution, zone))
    return found[::-1]


def _begin(grain: Grain, at: datetime, zone: tzinfo) -> datetime:
    """Return when the bucket that an instant is in begins."""
    local = at.astimezone(zone)
    if grain is Grain.HOUR:
        return _hour(at, local, zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None, fold=0)
    if grain is Grain.WEEK:
        midnight -= timedelta(days=midnight.weekday())
    return midnight.replace(tzinfo=zone).astimezone(UTC)


def _next(grain: Grain, begin: datetime, zone: tzinfo) -> datetime:
    """Return when the bucket after the one that begins here begins."""
    if grain is Grain.HOUR:
        quarters = (begin + _QUARTER * step for step in range(1, 9))
        return next(at for at in quarters if at.astimezone(zone).minute == 0)
    midnight = begin.astimezone(zone).replace(tzinfo=None, hour=12) + timedelta(days=_DAYS[grain])
    return midnight.replace(hour=0, minute=0, tzinfo=zone).astimezone(UTC)


def _hour(at: datetime, local: datetime, zone: tzinfo) -> datetime:
    begin = at - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    if begin.astimezone(zone).minute == 0:
        return begin.astimezone(UTC)
    # The clock was put forward or back by less than an hour within this one (Lord Howe Island): look for its begin.
    quarter = at - timedelta(minutes=local.minute % 15, seconds=local.second, microseconds=local.microsecond)
    back = (quarter - _QUARTER * step for step in islice(range(9), 9))
    return next(edge.astimezone(UTC) for edge in back if edge.astimezone(zone).minute == 0)
