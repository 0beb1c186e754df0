"""What a device saw day by day: each day of the viewer's zone, and what was not seen in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from msgspec import Struct

from veilleur.dashboard.spans import covered_s
from veilleur.model.coverage import CoverageCause, CoverageInterval

_DARK: Final = frozenset({CoverageCause.OFFLINE, CoverageCause.LISTENER_DEAD})
_PART_S: Final = 60.0
_MOST_OF_A_DAY_S: Final = 12 * 3600.0


class Seen(StrEnum):
    """How much of a day a device saw."""

    WHOLE = "whole"
    PART = "part"
    DARK = "dark"


class SeenDay(Struct, frozen=True):
    """One day of a device: for how long it saw nothing, how many other holes there are, and why."""

    day: date
    dark_s: float
    other_holes: int
    causes: tuple[CoverageCause, ...] = ()

    @property
    def seen(self) -> Seen:
        """How much of it was seen, in a word."""
        if self.dark_s > _MOST_OF_A_DAY_S:
            return Seen.DARK
        return Seen.PART if self.dark_s or self.other_holes else Seen.WHOLE


def seen_days(
    intervals: Sequence[CoverageInterval], zone: tzinfo, first_at: datetime, now: datetime
) -> Iterator[SeenDay]:
    """Yield each day of the zone, from the first that the device was there."""
    day = first_at.astimezone(zone).date()
    while day <= now.astimezone(zone).date():
        begins_at = datetime(day.year, day.month, day.day, tzinfo=zone)
        ends_at = min(begins_at + timedelta(days=1), now)
        holes = [
            one
            for one in intervals
            if one.since_at < ends_at and (one.until_at or now) > begins_at and one.cause is not CoverageCause.DROPPED
        ]
        dark = [one for one in holes if one.cause in _DARK]
        spans = ((max(one.since_at, begins_at), min(one.until_at or now, ends_at)) for one in dark)
        dark_s = covered_s(spans)
        causes = tuple(dict.fromkeys(one.cause for one in holes))
        yield SeenDay(day, dark_s if dark_s >= _PART_S else 0.0, len(holes) - len(dark), causes)
        day += timedelta(days=1)
