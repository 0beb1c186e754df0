"""What the operations that count mentions answer."""

from __future__ import annotations

from datetime import datetime

from veilleur.api.answer_parts import Answer
from veilleur.api.answers import Listing
from veilleur.model.counts import Facet, Grain


class Count(Answer):
    """How many mentions share one key."""

    key: str
    """A hashtag stands without `#`; an actor is `@handle`, else the phone number, else the name."""
    count: int
    label: str | None
    """How people know it, where the key is something else: an actor's name, a conversation's title."""


class FacetCounts(Answer):
    """The most frequent keys of one facet."""

    facet: Facet
    counts: list[Count]
    """The most frequent first."""
    total: int
    """How many mentions were counted."""
    without: int
    """How many of them have no key."""
    counted_since_at: datetime | None
    """Null: every mention that the query asks for was counted. Else the newest were, from then on."""


class FacetList(Listing):
    """Facets in the order in which they were asked for."""

    facets: list[FacetCounts]


class Bucket(Answer):
    """How many mentions happened in one hour, day or week."""

    starts_at: datetime
    ends_at: datetime
    count: int
    is_whole: bool
    """False where something of this time was not seen, or the query asks for a part of it or it is not over yet."""


class Timeline(Listing):
    """Buckets with no hole between them, the oldest first."""

    grain: Grain
    buckets: list[Bucket]
    total: int
    counted_since_at: datetime | None
    """Null: every mention that the query asks for was counted. Else the newest were, from then on."""
