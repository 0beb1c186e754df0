"""How often something usually happens at an hour of the week, and how unlikely it is to happen so much more often."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count as counting
from math import exp, lgamma, log
from typing import Final

from msgspec import Struct

HOUR_MS: Final = 3_600_000
_WEEK_HOURS: Final = 168
# 1970-01-01 was a Thursday: weeks begin with Monday.
_MONDAY_HOURS: Final = 72
# Every hour of the week counts as if it had been seen as busy as the average one for so many hours.
_EVEN_HOURS: Final = 2.0
_NEGLIGIBLE: Final = 1e-4


class Profile(Struct, frozen=True):
    """How busy each hour of the week is, Monday's first (UTC), beside the average hour, which is 1."""

    hours: tuple[float, ...] = (1.0,) * _WEEK_HOURS

    @property
    def unevenness(self) -> float:
        """Return the mean square of the hours: 1 where all are alike."""
        return sum(hour * hour for hour in self.hours) / _WEEK_HOURS

    def exposure(self, from_ms: int, to_ms: int) -> float:
        """Return the hours between two instants, a busy one counting as more."""
        total, at = 0.0, from_ms
        while at < to_ms:
            end = min(to_ms, at - at % HOUR_MS + HOUR_MS)
            total += (end - at) / HOUR_MS * self.hours[_hour_of_week(at)]
            at = end
        return total


def profile_of(counts: Iterable[tuple[int, int]]) -> Profile:
    """Return the profile of what was counted: (an hour's beginning in ms UTC, its count); none may be left out."""
    totals: Counter[int] = Counter()
    first_ms, last_ms = None, 0
    for hour_ms, counted in counts:
        totals[_hour_of_week(hour_ms)] += counted
        first_ms, last_ms = hour_ms if first_ms is None else min(first_ms, hour_ms), max(last_ms, hour_ms)
    if first_ms is None:
        return Profile()
    weeks = (last_ms - first_ms + HOUR_MS) / HOUR_MS / _WEEK_HOURS
    mean = sum(totals.values()) / _WEEK_HOURS / weeks
    smoothed = [_smoothed(totals, hour) for hour in range(_WEEK_HOURS)]
    hours = [(total / mean + _EVEN_HOURS) / (weeks + _EVEN_HOURS) for total in smoothed]
    level = sum(hours) / _WEEK_HOURS
    return Profile(tuple(hour / level for hour in hours))


def _smoothed(totals: Counter[int], hour: int) -> float:
    before, after = totals[(hour - 1) % _WEEK_HOURS], totals[(hour + 1) % _WEEK_HOURS]
    return (before + 2 * totals[hour] + after) / 4


def _hour_of_week(at_ms: int) -> int:
    return (at_ms // HOUR_MS + _MONDAY_HOURS) % _WEEK_HOURS


def most_within(times_ms: Sequence[int], window_ms: int) -> int:
    """Return the most of the times (ascending) that any window of this length holds."""
    most = 0
    for last, at in enumerate(times_ms):
        # A window that ends here can only hold more than any before it if it reaches back far enough.
        while most <= last and times_ms[last - most] > at - window_ms:
            most += 1
    return most


def count_within(times_ms: Sequence[int], until_ms: int, window_ms: int) -> int:
    """Return how many of the times (ascending) lie in the window that ends with `until_ms`."""
    return bisect_right(times_ms, until_ms) - bisect_right(times_ms, until_ms - window_ms)


def crowding(times_ms: Sequence[int], window_ms: int) -> float:
    """Return how many others share a window with one of the times, on average, itself included; windows end to end.

    Lloyd's mean crowding plus one (M. Lloyd, "Mean Crowding", Journal of Animal Ecology 36, 1967): what comes by
    chance alone, `m` a window, gives `1 + m`; what comes in clumps gives more. Without times it is 1.
    """
    clumps = Counter(at // window_ms for at in times_ms)
    return sum(size * size for size in clumps.values()) / len(times_ms) if times_ms else 1.0


def tail_chance(count: int, mean: float, dispersion: float) -> float:
    """Return the chance of `count` or more where `mean` are expected and the variance is `dispersion` (> 1) times that.

    The negative binomial, which is what a Poisson count is whose own rate is not certain.
    """
    if count <= 0:
        return 1.0
    size = mean / (dispersion - 1.0)
    falling = log((dispersion - 1.0) / dispersion)
    term = exp(lgamma(size + count) - lgamma(size) - lgamma(count + 1) - size * log(dispersion) + count * falling)
    total = 0.0
    for k in counting(count):
        total += term
        ratio = exp(falling) * (size + k) / (k + 1)
        term *= ratio
        if ratio < 1.0 and term / (1.0 - ratio) <= _NEGLIGIBLE * total:
            return min(1.0, total)
    raise AssertionError  # the ratio falls below one
