"""Finds handles and links that turn up on another platform than where they were first. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from veilleur.model.trends import Crossing, CrossingKind


class Showing(Struct, frozen=True):
    """One handle or link of one mention."""

    kind: CrossingKind
    value: str
    platform: str
    happened_at: datetime


def find_crossings(showings: Iterable[Showing]) -> tuple[Crossing, ...]:
    """Return what stood on two platforms or more, the latest to reach a further one first."""
    first: dict[tuple[CrossingKind, str], dict[str, datetime]] = defaultdict(dict)
    counts: dict[tuple[CrossingKind, str], int] = defaultdict(int)
    for showing in showings:
        key = (showing.kind, showing.value)
        known = first[key].get(showing.platform)
        first[key][showing.platform] = showing.happened_at if known is None else min(known, showing.happened_at)
        counts[key] += 1
    crossed = []
    for (kind, value), platforms in first.items():
        if len(platforms) > 1:
            order = sorted(platforms, key=lambda platform: (platforms[platform], platform))
            times = tuple(platforms[platform] for platform in order)
            counted = counts[kind, value]
            crossed.append(
                Crossing(kind=kind, value=value, platforms=tuple(order), first_seen_at=times, mention_count=counted)
            )
    return tuple(sorted(crossed, key=lambda crossing: (-crossing.first_seen_at[-1].timestamp(), crossing.value)))
