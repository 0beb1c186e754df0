"""Tells what is on the rise: the counts of a period beside those of the periods before it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from math import copysign, log
from typing import Final

from veilleur.model.trends import Trend, TrendKey

LEAST_TOLD: Final = 3
"""What came less often in a period is not told."""


def trending(
    now: Mapping[TrendKey, int], before: Mapping[TrendKey, int], *, periods_before: int, first_seen: frozenset[TrendKey]
) -> tuple[Trend, ...]:
    """Return the keys with three mentions or more in the period, risen the most first.

    `before` are the counts of `periods_before` periods of the same length together; `first_seen` are the keys that no
    earlier mention had at all. The score is the log-likelihood ratio (T. Dunning, "Accurate Methods for the Statistics
    of Surprise and Coincidence", Computational Linguistics 19, 1993), negative for what fell.
    """
    total_now, total_before = sum(now.values()), sum(before.values())
    found = [
        Trend(
            key=key,
            count=count,
            before=before.get(key, 0) / periods_before,
            score=_score(count, total_now, before.get(key, 0), total_before),
            is_new=key in first_seen,
        )
        for key, count in now.items()
        if count >= LEAST_TOLD
    ]
    return tuple(sorted(found, key=lambda trend: (-trend.score, trend.key)))


def _score(count: int, total: int, before: int, total_before: int) -> float:
    if not total_before:
        return 0.0
    share = (count + before) / (total + total_before)
    ratio = 2 * (_surprise(count, share * total) + _surprise(before, share * total_before))
    return copysign(max(0.0, ratio), count / total - before / total_before)


def _surprise(count: int, expected: float) -> float:
    return count * log(count / expected) if count else 0.0
