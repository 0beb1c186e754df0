"""What a report says that it could not see: one sentence for each reason, the longest times first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from veilleur.model.coverage import Completeness, CoverageCause, CoverageInterval

_TOLD: Final = 6
_LASTING: Final = frozenset({CoverageCause.OFFLINE, CoverageCause.LISTENER_DEAD, CoverageCause.SATURATED})


class Loss(Struct, frozen=True):
    """What one device did not see for one reason.

    `spans` are the longest times of it, in order, and `more` how many there are beside them; without spans it is told
    in numbers alone. `count`: of notifications, None where that is not known.
    """

    device: str
    cause: CoverageCause
    spans: tuple[tuple[datetime, datetime | None], ...]
    more: int
    count: int | None


def told_losses(unseen: Completeness, made_at: datetime) -> tuple[Loss, ...]:
    """Return what was not seen and no shortfall counts, by device and reason: what lasted first."""
    counted = {one.cause for one in unseen.shortfalls if one.count is not None}
    grouped: dict[tuple[str, CoverageCause], list[CoverageInterval]] = defaultdict(list)
    for one in unseen.intervals:
        if one.cause not in counted:
            grouped[one.device, one.cause].append(one)
    found = [_loss(device, cause, entries, made_at) for (device, cause), entries in grouped.items()]
    return tuple(sorted(found, key=lambda one: (not one.spans, one.device, list(CoverageCause).index(one.cause))))


def _loss(device: str, cause: CoverageCause, entries: Sequence[CoverageInterval], made_at: datetime) -> Loss:
    known = [one.count for one in entries if one.count is not None]
    count = sum(known) if len(known) == len(entries) else None
    if cause not in _LASTING:
        return Loss(device, cause, (), 0, count)
    longest = sorted(entries, key=lambda one: (one.until_at or made_at) - one.since_at, reverse=True)[:_TOLD]
    spans = tuple((one.since_at, one.until_at) for one in sorted(longest, key=lambda one: one.since_at))
    return Loss(device, cause, spans, len(entries) - len(spans), count)
