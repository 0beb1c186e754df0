"""Bursts planted into the month of `background`: one of each kind, of keys that are unseen, rare and frequent."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from tests.daemon.trends.background import DAY_MS, START_MS, Said
from veilleur.model.trends import TrendKey, TrendKind
from veilleur.trends.rates import HOUR_MS

_LASTS_MS: Final = 3 * 60_000
_KEYS: Final = (
    TrendKey(TrendKind.HASHTAG, "unseen"),
    TrendKey(TrendKind.HASHTAG, "tag40"),
    TrendKey(TrendKind.HASHTAG, "tag3"),
    TrendKey(TrendKind.WORD, "word50"),
    TrendKey(TrendKind.CONVERSATION, "room30"),
    TrendKey(TrendKind.ACTOR, "person200"),
)
PLANTED: Final = {key: START_MS + (24 + day) * DAY_MS + (9 + 2 * day) * HOUR_MS for day, key in enumerate(_KEYS)}
"""When each begins."""
WITHIN_S: Final = 60
"""Within how many seconds each is seen."""


def planted_bursts(seed: int) -> list[Said]:
    """Return 30 mentions of each key, by 30 people but for an actor's own.

    They come at random moments of three minutes, the first of which begins the burst: before it nothing is to be seen.
    """
    dice = random.Random(f"planted {seed}")
    return [said for key, begin_ms in PLANTED.items() for said in _burst(dice, key, begin_ms)]


def _burst(dice: random.Random, key: TrendKey, begin_ms: int) -> Iterator[Said]:
    moments_ms = [dice.randrange(_LASTS_MS) for _ in range(30)]
    for number, moment_ms in enumerate(moments_ms):
        yield Said(
            begin_ms + moment_ms - min(moments_ms),
            key.value if key.kind is TrendKind.ACTOR else f"newcomer{number}",
            key.value if key.kind is TrendKind.CONVERSATION else None,
            (key.value,) if key.kind is TrendKind.HASHTAG else (),
            (key.value,) if key.kind is TrendKind.WORD else (),
        )
