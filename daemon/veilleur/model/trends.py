"""What trends tell: of what it is counted, and what stood out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from veilleur.model.identity import MentionId


class TrendKind(StrEnum):
    """What mentions are counted by, to see whether there are suddenly more of them."""

    HASHTAG = "hashtag"
    ACTOR = "actor"
    CONVERSATION = "conversation"
    WORD = "word"


class TrendKey(Struct, frozen=True, order=True, gc=False):
    """One hashtag, one actor (`platform:handle` or `platform:name`), one conversation's id, or one word."""

    kind: TrendKind
    value: str


class Burst(Struct, frozen=True, kw_only=True):
    """More of one key than it ever has at such an hour: "12 in 10 min, usually 1".

    `usual` is how many a window of this length holds at this hour of the week, `most_before` the most that one held in
    the past that was looked at; `chance` is how likely so many are without a cause. `began_at` is the first mention of
    the window that gave it away, `seen_at` the one that did.
    """

    key: TrendKey
    window_s: int
    count: int
    usual: float
    most_before: int
    chance: float
    began_at: datetime
    seen_at: datetime


class FoundBurst(Struct, frozen=True, kw_only=True):
    """A burst and the newest of the mentions that gave it away.

    `is_private`: these are private and group mentions, which are counted apart from public ones.
    """

    project: str
    is_private: bool
    burst: Burst
    mention_ids: tuple[MentionId, ...]


class KeptBurst(FoundBurst, frozen=True, kw_only=True):
    """A burst as it is stored."""

    id: int


class BurstPage(Struct, frozen=True):
    """Bursts, the newest first; `next_cursor` None: the last page."""

    bursts: tuple[KeptBurst, ...]
    next_cursor: str | None


class CommunityWeek(Struct, frozen=True):
    """How many mentions a community had in a week (Monday to Sunday, UTC), and of how many accounts."""

    starts_at: datetime
    mention_count: int
    actor_count: int


class Community(Struct, frozen=True, kw_only=True):
    """Hashtags that are used together, the most used first, with who uses them.

    `name` is a person's, or the hashtag that ties it together; `tightness` is the share of its mentions' pairs of
    hashtags that stay inside it (1: its hashtags are used with no others). `weeks`: its life, every week from its
    first to its last, also those without a mention.
    """

    name: str
    is_named: bool
    hashtags: tuple[str, ...]
    core_actors: tuple[str, ...]
    actor_count: int
    mention_count: int
    tightness: float
    first_at: datetime
    last_at: datetime
    weeks: tuple[CommunityWeek, ...]


class NamedCommunity(Struct, frozen=True, kw_only=True):
    """What a person called a community, and the hashtags that it had then."""

    name: str
    hashtags: tuple[str, ...]
    named_by: str
    named_at: datetime


class Tie(Struct, frozen=True):
    """Two hashtags that stand together more often than chance would have it.

    `weight` is their Ochiai coefficient: 1 where neither stands without the other.
    """

    one: str
    other: str
    shared: int
    weight: float


class CommunityGraph(Struct, frozen=True):
    """Communities, what ties their hashtags to each other and to others, and how many mentions each hashtag has."""

    communities: tuple[Community, ...]
    ties: tuple[Tie, ...]
    uses: Mapping[str, int]


class Forward(Struct, frozen=True, kw_only=True):
    """Nearly the same message in several conversations, in the order in which they showed it."""

    mention_ids: tuple[MentionId, ...]
    conversation_ids: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    likeness: float


class CrossingKind(StrEnum):
    """What turned up on another platform."""

    HANDLE = "handle"
    LINK = "link"


class Crossing(Struct, frozen=True, kw_only=True):
    """The same handle or link on several platforms: where it was first, and when it reached each of the others."""

    kind: CrossingKind
    value: str
    platforms: tuple[str, ...]
    first_seen_at: tuple[datetime, ...]
    mention_count: int


class Trend(Struct, frozen=True, kw_only=True):
    """How often a key came in a period, beside the periods of the same length before it.

    `before` is their mean. `score` is the signed log-likelihood ratio: above 10.8 chance alone is below 0.1 %.
    """

    key: TrendKey
    count: int
    before: float
    score: float
    is_new: bool
