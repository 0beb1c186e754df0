"""Feeds: a watch as an Atom document behind a secret link, for readers that know no tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct

from veilleur.model.watch import Watch

FEED_ENDING: Final = ".atom"


class WatchFeed(Struct, frozen=True, kw_only=True):
    """A feed without its link, which is shown once and stored as a hash; a revoked one is never opened again.

    `may_read_private` is whether it shows what is private or of a group; `renewed_at` is since when its link holds;
    `language` is that of its own words.
    """

    id: int
    watch: str
    project: str
    may_read_private: bool
    made_by: str
    created_at: datetime
    renewed_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None
    language: str = "en"


class MadeFeed(Struct, frozen=True):
    """A feed and its link: who has the link reads the feed."""

    feed: WatchFeed
    link: str


class FeedPage(Struct, frozen=True):
    """Some of the feeds, the oldest first; `next_cursor` is None where there are no more."""

    feeds: tuple[WatchFeed, ...]
    next_cursor: str | None


class OpenedFeed(Struct, frozen=True):
    """What a link leads to; of a revoked feed it is known that it was."""

    feed: WatchFeed
    watch: Watch


def feed_link(base: str, secret: str) -> str:
    """Return the link of a feed on the server at `base`, which ends with a slash."""
    return f"{base}feeds/{secret}{FEED_ENDING}"
