"""What happens to a server's mentions, in the order of arrival."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from veilleur.client.paging import MOST_ROWS
from veilleur.client.transport import Transport
from veilleur.model.changes import Change, ChangePage

NEWEST: Final = "newest"


class Changes:
    """The operation on changes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(self, after: str | None = None, *, limit: int = MOST_ROWS) -> ChangePage:
        """Return what follows a `next_cursor`; from the first change without one."""
        return self._transport.read("/changes", ChangePage, after=after, limit=limit)

    def newest_cursor(self) -> str:
        """Return the cursor after which come the changes from now on."""
        return self.page(NEWEST).next_cursor

    def so_far(self, after: str | None = None) -> Iterator[Change]:
        """Yield every change there is after a cursor; ask `page` for the cursor to go on from."""
        page = self.page(after)
        yield from page.changes
        while page.has_more:
            page = self.page(page.next_cursor)
            yield from page.changes
