"""Reads mentions: pages newest first, one by its id, all of a query as a stream, and counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import ColumnElement, func, literal_column

from veilleur.model.errors import QueryError
from veilleur.model.identity import MentionId
from veilleur.model.listing import Count, CountBy, MentionPage
from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING, Query
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.mention_rows import mention_of
from veilleur.store.search import before_order, matching, newest_first
from veilleur.store.tables import mention_hashtags, mentions

_STREAM_ROWS: Final = 1_000
# Written out: PostgreSQL groups by an expression only where it is the same text in both places.
_DAY_MS: Final[ColumnElement[int]] = literal_column("86400000")


def page_mentions(
    database: Database, scope: Scope, query: Query, *, limit: int, cursor: str | None = None
) -> MentionPage:
    """Return up to `limit` mentions, newest first, from after `cursor` (an earlier page's `next_cursor`)."""
    statement = matching(query, scope, list(mentions.columns), is_sqlite=database.is_sqlite)
    if cursor is not None:
        statement = statement.where(before_order(query, read_cursor(cursor), database.is_sqlite))
    statement = statement.order_by(newest_first(query, database.is_sqlite)).limit(limit + 1)
    with database.reading() as connection:
        rows = connection.execute(statement).all()
    shown = rows[:limit]
    is_last = len(rows) <= limit
    return MentionPage(tuple(mention_of(row) for row in shown), None if is_last else f"{shown[-1].ord:x}")


def every_mention(database: Database, scope: Scope, query: Query) -> Iterator[Mention]:
    """Yield all mentions of a query, newest first, a page at a time, so that memory stays flat."""
    cursor: str | None = None
    while True:
        page = page_mentions(database, scope, query, limit=_STREAM_ROWS, cursor=cursor)
        yield from page.mentions
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def get_mention(database: Database, scope: Scope, mention_id: MentionId) -> Mention | None:
    """Return one mention, None where there is none that this reader may see."""
    statement = matching(EVERYTHING, scope, list(mentions.columns), is_sqlite=database.is_sqlite)
    with database.reading() as connection:
        row = connection.execute(statement.where(mentions.c.id == mention_id)).first()
    return None if row is None else mention_of(row)


def count_mentions(
    database: Database, scope: Scope, query: Query, by: CountBy, *, limit: int = 100
) -> tuple[Count, ...]:
    """Return how many mentions share each key, most first; days in order, the latest `limit` of them."""
    is_sqlite = database.is_sqlite
    key = {
        CountBy.KIND: mentions.c.kind,
        CountBy.PLATFORM: mentions.c.platform,
        CountBy.HASHTAG: mention_hashtags.c.hashtag,
        CountBy.DAY: mentions.c.happened_at - mentions.c.happened_at % _DAY_MS,
    }[by]
    statement = matching(query, scope, [key.label("key"), func.count().label("total")], is_sqlite=is_sqlite)
    if by is CountBy.HASHTAG:
        statement = statement.where(mention_hashtags.c.ord == mentions.c.ord)
    statement = statement.group_by(key)
    order = (key.desc(),) if by is CountBy.DAY else (func.count().desc(), key)
    with database.reading() as connection:
        rows = connection.execute(statement.order_by(*order).limit(limit)).all()
    if by is CountBy.DAY:
        return tuple(Count(_day(row.key), row.total) for row in reversed(rows))
    return tuple(Count(row.key, row.total) for row in rows)


def total_mentions(database: Database, scope: Scope, query: Query = EVERYTHING) -> int:
    """Return how many mentions a query shows to this reader."""
    statement = matching(query, scope, [func.count()], is_sqlite=database.is_sqlite)
    with database.reading() as connection:
        return int(connection.execute(statement).scalar_one())


def read_cursor(cursor: str) -> int:
    """Return the order number that a page cursor holds; raises QueryError for anything else."""
    try:
        order = int(cursor, 16)
    except ValueError:
        order = -1
    if not 0 <= order < 1 << 63:
        raise QueryError(1, "the next_cursor of an earlier page")
    return order


def _day(at_ms: int) -> str:
    return from_ms(at_ms).date().isoformat()
