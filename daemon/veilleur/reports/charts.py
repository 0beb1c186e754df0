"""Charts as shapes of numbers, which templates draw: bars over time, with what was not seen, and bars beside names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from veilleur.model.counts import Count, Timeline
from veilleur.model.coverage import WHOLE_DEVICE, Completeness

WIDTH: Final = 680
HEIGHT: Final = 150
_GAP: Final = 0.18
_MOST_LABELS: Final = 8


class Bar(Struct, frozen=True):
    """One hour, day or week: where it stands, how high it is, and whether it is named below."""

    x: float
    y: float
    width: float
    height: float
    count: int
    starts_at: datetime
    is_labelled: bool


class Band(Struct, frozen=True):
    """A time in which something was not seen."""

    x: float
    width: float


class TimeChart(Struct, frozen=True):
    """Bars over time; `highest` is what the full height stands for."""

    bars: tuple[Bar, ...]
    bands: tuple[Band, ...]
    highest: int


class Share(Struct, frozen=True):
    """A count beside its name, `percent` of the greatest in its list."""

    count: Count
    percent: int


def time_chart(timeline: Timeline, unseen: Completeness, made_at: datetime) -> TimeChart | None:
    """Return a timeline as a chart, None where nothing happened; what was not seen by a whole device is a band."""
    buckets = timeline.buckets
    highest = max((one.count for one in buckets), default=0)
    if not highest:
        return None
    step = WIDTH / len(buckets)
    every = -(-len(buckets) // _MOST_LABELS)
    bars = tuple(
        Bar(
            x=round(place * step + step * _GAP / 2, 2),
            y=round(HEIGHT - HEIGHT * one.count / highest, 2),
            width=round(step * (1 - _GAP), 2),
            height=round(HEIGHT * one.count / highest, 2),
            count=one.count,
            starts_at=one.starts_at,
            is_labelled=place % every == 0,
        )
        for place, one in enumerate(buckets)
    )
    return TimeChart(bars, _bands(buckets[0].starts_at, buckets[-1].ends_at, unseen, made_at), highest)


def shares(counts: Sequence[Count]) -> tuple[Share, ...]:
    """Return counts as bars beside their names."""
    most = max((one.count for one in counts), default=1)
    return tuple(Share(one, max(1, round(100 * one.count / most))) for one in counts)


def _bands(begin: datetime, end: datetime, unseen: Completeness, made_at: datetime) -> tuple[Band, ...]:
    length, found = (end - begin).total_seconds(), []
    reached = begin
    for one in sorted(unseen.intervals, key=lambda one: one.since_at):
        since_at, until_at = max(one.since_at, reached), min(one.until_at or made_at, end)
        if one.subject == WHOLE_DEVICE and since_at < until_at:
            reached = until_at
            span = (until_at - since_at).total_seconds()
            place = (since_at - begin).total_seconds()
            found.append(Band(round(WIDTH * place / length, 2), round(max(WIDTH * span / length, 1), 2)))
    return tuple(found)
