"""The feeds of a server's watches: Atom documents behind secret links."""

from __future__ import annotations

from collections.abc import Iterator

from veilleur.client.paging import every_page
from veilleur.client.transport import Transport, segment
from veilleur.model.feed import FeedPage, MadeFeed, WatchFeed


class Feeds:
    """Operations on feeds."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def every(self) -> Iterator[WatchFeed]:
        """Yield the project's feeds, the oldest first, revoked ones included."""

        def ask(rows: int, after: str | None) -> FeedPage:
            return self._transport.read("/feeds", FeedPage, limit=rows, cursor=after)

        for page in every_page(ask):
            yield from page.feeds

    def make(self, watch: str, *, with_private: bool = False, language: str = "en") -> MadeFeed | None:
        """Make a feed of a watch, whose link is told this once; None where there is no such watch."""
        asked = {"with_private": with_private, "language": language}
        return self._made(f"/watches/{segment(watch)}/feeds", asked)

    def renew(self, feed_id: int) -> MadeFeed | None:
        """Give a feed another link; None where none of this number is open."""
        return self._made(f"/feeds/{feed_id}/renew")

    def revoke(self, feed_id: int) -> WatchFeed | None:
        """Close a feed for ever; None where none of this number is open."""
        return self._transport.change("DELETE", f"/feeds/{feed_id}", WatchFeed)

    def _made(self, path: str, body: object = None) -> MadeFeed | None:
        return self._transport.change("POST", path, MadeFeed, body)
