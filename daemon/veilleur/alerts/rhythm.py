"""Whether an app has been silent for longer than it ever is: against its own rhythm, hour of the week by hour. Pure.

A silence is measured in busy hours: each hour counts as much as this app's same hour of the week brought in the last
four weeks (`trends.rates.Profile`), so a night or a weekend counts for little where these are quiet. It is unusual
when, by that measure, it is half as long again as the longest of those weeks, and the app would have brought eight
notifications meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import Final

from msgspec import Struct

from veilleur.trends.rates import HOUR_MS, Profile, profile_of

LOOKED_AT: Final = timedelta(days=28)
_LEAST_KNOWN: Final = 30
_LEAST_PAST_HOURS: Final = 3 * 24
_LEAST_MISSED: Final = 8.0
_TIMES_THE_LONGEST: Final = 1.5


class Rhythm(Struct, frozen=True):
    """How an app usually comes: its busy hours, how many it brings in one, its longest silence, the usual one in ms."""

    profile: Profile
    an_hour: float
    longest: float
    usual_ms: float


def rhythm_of(times_ms: Sequence[int]) -> Rhythm | None:
    """Return the rhythm of an app's arrivals (ascending, of the last weeks); None where too little is known."""
    if len(times_ms) < _LEAST_KNOWN or times_ms[-1] - times_ms[0] < _LEAST_PAST_HOURS * HOUR_MS:
        return None
    hours = Counter(at - at % HOUR_MS for at in times_ms)
    first, last = min(hours), max(hours)
    profile = profile_of((hour, hours[hour]) for hour in range(first, last + HOUR_MS, HOUR_MS))
    gaps = [(before, after) for before, after in pairwise(times_ms) if after > before]
    if not gaps:
        return None
    return Rhythm(
        profile=profile,
        an_hour=len(times_ms) / profile.exposure(times_ms[0], times_ms[-1]),
        longest=max(profile.exposure(before, after) for before, after in gaps),
        usual_ms=median(after - before for before, after in gaps),
    )


class Silence(Struct, frozen=True):
    """How long an app has been silent, and how long it usually is."""

    lasted: timedelta
    usual: timedelta


def unusual_silence(rhythm: Rhythm, last_ms: int, now_ms: int) -> Silence | None:
    """Return the silence since the last arrival; None for a usual one."""
    lasted = rhythm.profile.exposure(last_ms, now_ms)
    if lasted * rhythm.an_hour < _LEAST_MISSED or lasted < rhythm.longest * _TIMES_THE_LONGEST:
        return None
    return Silence(timedelta(milliseconds=now_ms - last_ms), timedelta(milliseconds=rhythm.usual_ms))
