"""How many mentions there are: by what they are (facets), and by when they happened (a timeline)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Facet(StrEnum):
    """What mentions can be counted by."""

    PLATFORM = "platform"
    KIND = "kind"
    VISIBILITY = "visibility"
    LANGUAGE = "language"
    REGION = "region"
    DEVICE = "device"
    HASHTAG = "hashtag"
    ACTOR = "actor"
    CONVERSATION = "conversation"


class Count(Struct, frozen=True):
    """How many mentions share a key; `label` is how people know it, where the key is an id."""

    key: str
    count: int
    label: str | None = None


class FacetCounts(Struct, frozen=True):
    """The most frequent keys of one facet, of `total` mentions that were counted; `without` of them have no key.

    `counted_since_at` None: those are all that the query asks for. Else they are its newest, from that instant on.
    """

    facet: Facet
    counts: tuple[Count, ...]
    total: int
    without: int
    counted_since_at: datetime | None = None


class Grain(StrEnum):
    """How long a bucket of a timeline is; days and weeks are the reader's, weeks begin on Monday."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


class Bucket(Struct, frozen=True):
    """How many mentions happened in one hour, day or week.

    `is_whole` is False where something of this time was not seen, or the bucket is cut by the time asked for.
    """

    starts_at: datetime
    ends_at: datetime
    count: int
    is_whole: bool = True


class Timeline(Struct, frozen=True):
    """Buckets without a hole between them, the oldest first; `counted_since_at` as in `FacetCounts`."""

    grain: Grain
    buckets: tuple[Bucket, ...]
    total: int
    counted_since_at: datetime | None = None
