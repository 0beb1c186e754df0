"""The shapes of trends, as they are sent and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from veilleur.api.answer_parts import Answer
from veilleur.api.answers import Listing, Page
from veilleur.model.trends import CrossingKind, TrendKind
from veilleur.model.watch import LONGEST_NAME, NAME_PATTERN


class Trend(Answer):
    """How often something came in a time, beside the times of that length before."""

    kind: TrendKind
    value: str
    count: int
    before: float
    """The mean of the seven before."""
    score: float
    """The signed log-likelihood ratio: above 10.8 chance alone is below 0.1 %."""
    is_new: bool
    """A hashtag that no earlier mention has; of other kinds always false."""


class TrendList(Listing):
    """What rose most first."""

    trends: list[Trend]


class Burst(Answer):
    """More of something than it ever has at such an hour."""

    id: int
    project: str
    is_private: bool
    """Of private and group mentions, which are counted apart from public ones."""
    mention_ids: list[str]
    """The newest that gave it away."""
    kind: TrendKind
    value: str
    window_s: int
    count: int
    usual: float
    """How many a window of this length usually holds at this hour of the week."""
    most_before: int
    chance: float
    """How likely so many are without a cause."""
    began_at: datetime
    seen_at: datetime


class BurstPage(Page):
    """One page of bursts, the newest found first."""

    bursts: list[Burst]


class CommunityWeek(Answer):
    """One week, from Monday on (UTC)."""

    starts_at: datetime
    mention_count: int
    actor_count: int


class Community(Answer):
    """Hashtags that are used together."""

    name: str
    is_named: bool
    hashtags: list[str]
    core_actors: list[str]
    """Those who used them most, ten at most."""
    actor_count: int
    mention_count: int
    tightness: float
    """The share of its mentions' pairs of hashtags that stay inside it."""
    first_at: datetime
    last_at: datetime
    weeks: list[CommunityWeek]
    """Its life: every week from its first to its last."""


class CommunityList(Listing):
    """The most mentioned first."""

    communities: list[Community]


class CommunityShape(BaseModel):
    """The hashtags by which a community is known."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    hashtags: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=100, pattern=r"^#?[^\s#]+$")]],
        Field(min_length=1, max_length=100),
    ]
    name: Annotated[str | None, Field(max_length=LONGEST_NAME, pattern=NAME_PATTERN)] = None
    """Another name, which takes the place of the one in the path."""


class NamedCommunity(Answer):
    """What a person called a community, and the hashtags that it had then."""

    name: str
    hashtags: list[str]
    named_by: str
    named_at: datetime


class NameList(Answer):
    """By name."""

    names: list[NamedCommunity]


class Forward(Answer):
    """Nearly the same message in several conversations, in the order in which they showed it."""

    mention_ids: list[str]
    conversation_ids: list[str]
    first_at: datetime
    last_at: datetime
    likeness: float


class ForwardList(Listing):
    """The most conversations first."""

    forwards: list[Forward]


class Crossing(Answer):
    """The same handle or link on several platforms, where it was first leading."""

    kind: CrossingKind
    value: str
    platforms: list[str]
    first_seen_at: list[datetime]
    mention_count: int


class CrossingList(Listing):
    """The latest to reach a further platform first."""

    crossings: list[Crossing]
