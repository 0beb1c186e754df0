"""Lists that come in pages: all of one, or as many rows as are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Protocol, TypeVar

MOST_ROWS: Final = 500
"""The most that a server gives at once."""


class Page(Protocol):
    """One page of a list; `next_cursor` is None on the last."""

    @property
    def next_cursor(self) -> str | None: ...


_Page = TypeVar("_Page", bound=Page)
Ask = Callable[[int, str | None], _Page]
"""Asks for a page of so many rows from after a cursor."""


def every_page(ask: Ask[_Page]) -> Iterator[_Page]:
    """Yield a list's pages to its end."""
    page = ask(MOST_ROWS, None)
    yield page
    while page.next_cursor is not None:
        page = ask(MOST_ROWS, page.next_cursor)
        yield page


def pages_of(
    ask: Ask[_Page], rows_of: Callable[[_Page], Sequence[Any]], wanted: int, cursor: str | None = None
) -> Iterator[_Page]:
    """Yield pages, of which some may be short, until they hold `wanted` rows together or the list ends."""
    while wanted > 0:
        page = ask(min(wanted, MOST_ROWS), cursor)
        yield page
        if page.next_cursor is None:
            return
        cursor, wanted = page.next_cursor, wanted - len(rows_of(page))
