"""Draws a community: its most used hashtag in the middle, the others around it, and their ties between them. Pure.

Neighbours on the ring are those that are tied most, so that lines cross little; every place follows from the counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from math import cos, pi, sin, sqrt
from typing import Final

from msgspec import Struct

from veilleur.model.trends import Tie

WIDTH: Final = 380
HEIGHT: Final = 300
MOST_DRAWN: Final = 11
_RING_X: Final = 90
_RING_Y: Final = 112
_SMALLEST: Final = 5.0
_WIDEST: Final = 13.0
_THINNEST: Final = 1.0
_THICKEST: Final = 6.0
_LABEL_SIGNS: Final = 12
_MIDDLE: Final = 0.35


class Side(StrEnum):
    """On which side of its dot a label stands, as SVG's `text-anchor` has it."""

    BEFORE = "end"
    MIDDLE = "middle"
    AFTER = "start"


class Dot(Struct, frozen=True):
    """A hashtag: where it is, how large, and its label."""

    tag: str
    label: str
    x: float
    y: float
    radius: float
    label_x: float
    label_y: float
    side: Side


class Line(Struct, frozen=True):
    """A tie between two dots."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float


class Drawing(Struct, frozen=True):
    """A community as it is drawn, lines below dots; `omitted` hashtags are told in the table alone."""

    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    omitted: int


def draw_community(hashtags: Sequence[str], uses: Mapping[str, int], ties: Sequence[Tie]) -> Drawing:
    """Return the drawing of a community's hashtags, which come the most used first."""
    drawn = hashtags[:MOST_DRAWN]
    weights = {frozenset((tie.one, tie.other)): tie.weight for tie in ties}
    most = max((uses.get(tag, 1) for tag in drawn), default=1)
    ring = _ring(drawn[1:], weights)
    dots = [_dot(tag, place, len(ring), uses.get(tag, 1) / most) for place, tag in enumerate((*drawn[:1], *ring), -1)]
    places = {dot.tag: dot for dot in dots}
    lines = [
        Line(one.x, one.y, other.x, other.y, _THINNEST + (_THICKEST - _THINNEST) * tie.weight)
        for tie in ties
        if (one := places.get(tie.one)) and (other := places.get(tie.other))
    ]
    return Drawing(tuple(dots), tuple(lines), len(hashtags) - len(drawn))


def _ring(tags: Sequence[str], weights: Mapping[frozenset[str], float]) -> list[str]:
    """Return the tags in such an order that each stands beside one that it is tied to, where that can be."""
    left, ring = list(tags), list[str]()
    while left:
        last = ring[-1] if ring else None
        nearest = max(left, key=lambda tag: (weights.get(frozenset((tag, last or tag)), 0.0), -left.index(tag)))
        left.remove(nearest)
        ring.append(nearest)
    return ring


def _dot(tag: str, place: int, around: int, share: float) -> Dot:
    radius = _SMALLEST + (_WIDEST - _SMALLEST) * sqrt(share)
    label = tag if len(tag) <= _LABEL_SIGNS else f"{tag[: _LABEL_SIGNS - 1]}…"
    x, y = WIDTH / 2, HEIGHT / 2
    if place < 0:
        return Dot(tag, label, x, y, radius, x, y - radius - 5, Side.MIDDLE)
    angle = 2 * pi * place / around - pi / 2
    across, down = cos(angle), sin(angle)
    x, y = x + _RING_X * across, y + _RING_Y * down
    if abs(across) < _MIDDLE:
        return Dot(tag, label, x, y, radius, x, y + (radius + 13 if down > 0 else -radius - 5), Side.MIDDLE)
    after = across > 0
    label_x = x + radius + 5 if after else x - radius - 5
    return Dot(tag, label, x, y, radius, label_x, y + 4, Side.AFTER if after else Side.BEFORE)
