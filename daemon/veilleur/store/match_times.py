"""When what a query asks for happened, in the order of time: of all its mentions, or of the newest of many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection

from veilleur.model.identity import MentionId
from veilleur.model.scope import Scope
from veilleur.query.expression import Query
from veilleur.store.counted import Counted, counted
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.search import search
from veilleur.store.tables import mentions

MOST_TRIED: Final = 50_000
"""How many of a query's mentions a condition is tried on: the newest."""
_STREAM_ROWS: Final = 10_000


class MatchTimes(Struct, frozen=True):
    """When matches happened; `since_at` None: all of them. Else those from that instant on, as in `FacetCounts`."""

    since_at: datetime | None
    times: Iterator[list[tuple[datetime, MentionId]]]


def match_times(database: Database, scope: Scope, query: Query) -> Iterator[list[tuple[datetime, MentionId]]]:
    """Yield (happened_at, id) of every mention that a query asks for, oldest first, some thousands at a time."""
    with database.reading() as connection:
        yield from _times(connection, Counted(search(query, scope, is_sqlite=database.is_sqlite), None))


@contextmanager
def newest_match_times(
    database: Database, scope: Scope, query: Query, *, most: int = MOST_TRIED
) -> Iterator[MatchTimes]:
    """Yield what `match_times` would, of the newest `most` mentions; raises QueryTooCostly where even that is."""
    with database.answering() as connection:
        found = counted(connection, search(query, scope, is_sqlite=database.is_sqlite), most)
        yield MatchTimes(found.since_at, _times(connection, found))


def _times(connection: Connection, found: Counted) -> Iterator[list[tuple[datetime, MentionId]]]:
    statement = found.asked.rows([mentions.c.happened_at, mentions.c.id], found.since).order_by(found.asked.order)
    result = connection.execution_options(yield_per=_STREAM_ROWS).execute(statement)
    for rows in result.partitions():
        yield [(from_ms(happened_at), mention_id) for happened_at, mention_id in rows]
