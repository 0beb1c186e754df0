"""Reads mentions: pages, one by its id, all of a query as a stream, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from veilleur.model.errors import QueryError
from veilleur.model.identity import MentionId
from veilleur.model.listing import MentionPage, Order
from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING, Query
from veilleur.store.database import Database
from veilleur.store.qualified import mentions_of
from veilleur.store.relevance import most_relevant
from veilleur.store.search import Search, search
from veilleur.store.snapshot import Readable
from veilleur.store.tables import mentions
from veilleur.store.visible import visible

_STREAM_ROWS: Final = 1_000
_FIRST_LOOK: Final = 5_000
_MOST_LOOKED_AT: Final = 100_000


def page_mentions(  # noqa: PLR0913 - a page is asked for by these
    database: Readable,
    scope: Scope,
    query: Query,
    *,
    limit: int,
    cursor: str | None = None,
    order: Order = Order.NEWEST,
) -> MentionPage:
    """Return up to `limit` mentions from after `cursor` (an earlier page's `next_cursor`).

    Newest first, a page may be short and yet not the last, where a query asks what no index knows: a page looks at
    105,000 mentions at most. The most relevant come as one page.
    """
    before = None if cursor is None else read_cursor(cursor)
    with database.answering() as connection:
        if order is Order.NEWEST:
            return _page(connection, search(query, scope, is_sqlite=database.is_sqlite), limit, before)
        return MentionPage(mentions_of(connection, most_relevant(connection, scope, query, limit=limit)), None)


def _page(connection: Connection, asked: Search, limit: int, before: int | None) -> MentionPage:
    rows, reached = _newest(connection, asked, limit + 1, before)
    shown = mentions_of(connection, rows[:limit])
    following = rows[limit - 1].ord if len(rows) > limit else reached
    return MentionPage(shown, None if following is None else f"{following:x}")


def _newest(connection: Connection, asked: Search, limit: int, before: int | None) -> tuple[list[Row[Any]], int | None]:
    """Return the newest rows, and from where to look on where the search was given up before it had all of them."""
    if not asked.rest:
        return asked.page(connection, limit, before), None
    columns = list(mentions.columns)
    rows: list[Row[Any]] = []
    looked_at, span = 0, _FIRST_LOOK
    while looked_at < _MOST_LOOKED_AT:
        since = asked.reach(connection, span, before)
        rows += connection.execute(asked.newest(columns, limit - len(rows), before, since)).all()
        if since is None or len(rows) >= limit:
            return rows, None
        before, looked_at, span = since, looked_at + span, span * 4
    return rows, before


def every_mention(database: Database, scope: Scope, query: Query) -> Iterator[Mention]:
    """Yield all mentions of a query, newest first, a page at a time, so that memory stays flat; takes its time."""
    asked = search(query, scope, is_sqlite=database.is_sqlite)
    cursor: str | None = None
    while True:
        with database.reading() as connection:
            page = _page(connection, asked, _STREAM_ROWS, None if cursor is None else read_cursor(cursor))
        yield from page.mentions
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def get_mention(database: Readable, scope: Scope, mention_id: MentionId) -> Mention | None:
    """Return one mention, None where there is none that this reader may see."""
    statement = select(mentions).where(visible(scope), mentions.c.id == mention_id)
    with database.reading() as connection:
        return next(iter(mentions_of(connection, connection.execute(statement).all())), None)


def total_mentions(database: Readable, scope: Scope, query: Query = EVERYTHING) -> int:
    """Return how many mentions a query shows to this reader."""
    asked = search(query, scope, is_sqlite=database.is_sqlite)
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(asked.orders().subquery())).scalar_one())


def read_cursor(cursor: str) -> int:
    """Return the order number that a page cursor holds; raises QueryError for anything else."""
    try:
        order = int(cursor, 16)
    except ValueError:
        order = -1
    if not 0 <= order < 1 << 63:
        raise QueryError(1, "the next_cursor of an earlier page")
    return order
