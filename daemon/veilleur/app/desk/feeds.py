"""Feeds from the database here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from veilleur.app.clock import utc_now
from veilleur.model.desk import LOCAL_NAME
from veilleur.model.feed import MadeFeed, WatchFeed, feed_link
from veilleur.model.scope import Scope
from veilleur.store import feeds as stored
from veilleur.store.database import Database
from veilleur.store.watches import get_watch

_ROWS: Final = 500


class LocalFeeds:
    """Answers `FeedDesk`; links lead to `address`, where this database is served."""

    def __init__(self, database: Database, scope: Scope, address: str) -> None:
        self._database = database
        self._scope = scope
        self._address = address

    def every(self) -> Iterable[WatchFeed]:
        cursor: str | None = None
        while True:
            page = stored.page_feeds(self._database, self._scope, limit=_ROWS, cursor=cursor)
            yield from page.feeds
            if page.next_cursor is None:
                return
            cursor = page.next_cursor

    def make(self, watch: str, *, with_private: bool, language: str) -> MadeFeed | None:
        found = get_watch(self._database, self._scope, watch)
        if found is None:
            return None
        now = utc_now()
        feed, secret = stored.make_feed(
            self._database, self._scope, found, with_private=with_private, by=LOCAL_NAME, now=now, language=language
        )
        return MadeFeed(feed, self._link(secret))

    def renew(self, feed_id: int) -> MadeFeed | None:
        secret = stored.renew_feed(self._database, self._scope, feed_id, now=utc_now())
        feed = stored.find_feed(self._database, self._scope, feed_id)
        return None if secret is None or feed is None else MadeFeed(feed, self._link(secret))

    def revoke(self, feed_id: int) -> WatchFeed | None:
        if not stored.revoke_feed(self._database, self._scope, feed_id, by=LOCAL_NAME, now=utc_now()):
            return None
        return stored.find_feed(self._database, self._scope, feed_id)

    def _link(self, secret: str) -> str:
        return feed_link(f"{self._address}/", secret)
