"""Spans of time put together: overlaps are counted once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]


def covered_s(spans: Iterable[Span]) -> float:
    """Return for how many seconds any of the spans lasted."""
    return sum((until_at - since_at for since_at, until_at in merged(spans)), timedelta()).total_seconds()


def merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the time that any of the spans holds, in order, as spans that do not touch one another."""
    held: Span | None = None
    for since_at, until_at in sorted(spans):
        if held is not None and since_at <= held[1]:
            held = (held[0], max(held[1], until_at))
        else:
            if held is not None:
                yield held
            held = (since_at, until_at)
    if held is not None:
        yield held
