"""Conditions on the mentions of a watch, and when one told somebody, or would have."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

from veilleur.model.identity import MentionId

MOST_IN_WINDOW: Final = 10_000
LONGEST_MINUTES: Final = 60 * 24 * 366


class ConditionKind(StrEnum):
    """What is waited for: each match, so many of them close to one another, or none for a while."""

    EVERY = "every"
    COUNT = "count"
    SILENCE = "silence"


class Condition(Struct, frozen=True, kw_only=True):
    """When somebody is told.

    `COUNT`: at least `at_least` matches within `window_minutes`; `SILENCE`: none for `window_minutes`. After one
    telling the next is at least `cool_down_minutes` away. A count that stays reached is told again after a cool-down,
    and without one not before it was lost. Silence is told once, until a match ends it.
    """

    kind: ConditionKind = ConditionKind.EVERY
    at_least: int = 1
    window_minutes: int = 60
    cool_down_minutes: int = 0


class Telling(Struct, frozen=True, kw_only=True):
    """Somebody is told at `at`, because of `evidence_count` mentions from the first to the last.

    Of `EVERY` that is what came since the last telling, of a count what is in its window, at most 10,000. Of a silence
    there is none, and the last mention is the one before it.
    """

    at: datetime
    evidence_count: int
    first_mention_id: MentionId | None
    last_mention_id: MentionId | None


class BacktestResult(Struct, frozen=True, kw_only=True):
    """What a condition that began at `since_at` would have told; of many tellings the newest, `omitted` came before.

    `counted_since_at` None: it was tried on every match. Else there were too many, and it began at that instant.
    """

    condition: Condition
    since_at: datetime
    until_at: datetime
    match_count: int
    telling_count: int
    omitted: int
    tellings: tuple[Telling, ...]
    counted_since_at: datetime | None = None
