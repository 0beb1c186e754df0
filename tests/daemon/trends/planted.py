"""Bursts planted into the month of `background`: one of each kind, of keys that are unseen, rare and frequent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.daemon.trends.background import DAY_MS, START_MS, Said
from veilleur.model.trends import TrendKey, TrendKind
from veilleur.trends.rates import HOUR_MS

_EACH_MS: Final = 6_000
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
WITHIN_S: Final = {key: 90 if key.kind is TrendKind.CONVERSATION else 60 for key in _KEYS}
"""Within how many seconds each is seen: people talk in clumps, which a conversation's burst has to outgrow."""


def planted_bursts() -> list[Said]:
    """Return 30 mentions of each key within three minutes, by 30 people but for an actor's own."""
    return [said for key, begin_ms in PLANTED.items() for said in _burst(key, begin_ms)]


def _burst(key: TrendKey, begin_ms: int) -> Iterator[Said]:
    for number in range(30):
        yield Said(
            begin_ms + number * _EACH_MS,
            key.value if key.kind is TrendKind.ACTOR else f"newcomer{number}",
            key.value if key.kind is TrendKind.CONVERSATION else None,
            (key.value,) if key.kind is TrendKind.HASHTAG else (),
            (key.value,) if key.kind is TrendKind.WORD else (),
        )
