"""Watches: queries that people keep under a name."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from msgspec import Struct

from veilleur.model.coverage import Completeness
from veilleur.model.mention import Mention

LONGEST_NAME: Final = 100
NAME_PATTERN: Final = r"^[^/\s](?:[^/\x00-\x1f]*[^/\s])?$"
"""No slash, which addresses are parted by, and no blank at either end."""
LONGEST_DESCRIPTION: Final = 1_000
LONGEST_ZONE: Final = 64
MOST_COUNTED: Final = 1_000
"""So many new mentions of a watch are remembered; of more it is said that there are more."""

WatchId = NewType("WatchId", int)


class WatchDraft(Struct, frozen=True):
    """What a watch asks, as a person writes it; days of the query begin in `zone`, the IANA name of a time zone."""

    query: str
    zone: str = "UTC"
    description: str | None = None


class Watch(Struct, frozen=True, kw_only=True):
    """A query kept as text, so that its relative times slide; an archived one watches nothing and can be restored.

    `name` is unique in its project. `version` counts what it asked, from 1; `changed_…` is of this version.
    """

    id: WatchId
    name: str
    project: str
    query: str
    zone: str
    description: str | None
    version: int
    made_by: str
    created_at: datetime
    changed_by: str
    changed_at: datetime
    archived_by: str | None
    archived_at: datetime | None


class WatchVersion(Struct, frozen=True, kw_only=True):
    """What a watch was called and asked, from `changed_at` until the next version."""

    version: int
    name: str
    query: str
    zone: str
    description: str | None
    changed_by: str
    changed_at: datetime


class Saved(StrEnum):
    """What became of an attempt to write a watch."""

    SAVED = "saved"
    NAME_TAKEN = "name_taken"
    ARCHIVED = "archived"


class Unread(Struct, frozen=True):
    """How many mentions a reader has not seen in a watch; with `is_more`, at least so many."""

    count: int = 0
    is_more: bool = False


class WatchOverview(Struct, frozen=True, kw_only=True):
    """A watch in a list; `problem` says why its query cannot be read by this release, None where it can."""

    watch: Watch
    problem: str | None
    unread: Unread


class WatchPage(Struct, frozen=True):
    """Watches by name; `next_cursor` is None on the last page."""

    watches: tuple[WatchOverview, ...]
    next_cursor: str | None
    completeness: Completeness | None = None


class WatchVersionPage(Struct, frozen=True):
    """What a watch asked, the newest version first; `next_cursor` is None on the last page."""

    versions: tuple[WatchVersion, ...]
    next_cursor: str | None


class NewMentions(Struct, frozen=True):
    """Mentions that a reader has not seen, in the order in which they came; `next_cursor` is the place after them."""

    mentions: tuple[Mention, ...]
    next_cursor: str
    has_more: bool
    completeness: Completeness | None = None
