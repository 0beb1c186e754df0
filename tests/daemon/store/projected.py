"""All that is rebuilt from the raw log, as rows to be compared."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, select

from veilleur.store.database import Database
from veilleur.store.tables import (
    amendments,
    changes,
    mention_handles,
    mention_hashtags,
    mention_links,
    mention_words,
    mentions,
    outcomes,
)
from veilleur.store.tallies import are_tallies_sound

_TABLES = (outcomes, mentions, mention_words, mention_hashtags, mention_handles, mention_links, amendments)
Rows = list[tuple[Any, ...]]


def projections(database: Database) -> dict[str, Rows]:
    """Return every row of every projection, sorted; the roll-up, which has no ids, must be what the mentions are."""
    with database.reading() as connection:
        assert are_tallies_sound(connection)
    return {table.name: rows_of(database, table) for table in _TABLES}


def rows_of(database: Database, table: Table) -> Rows:
    with database.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(select(table))), key=repr)


def told(database: Database) -> dict[str, str]:
    """Return the words of every mention by id, shown or not."""
    with database.reading() as connection:
        return {row.id: row.body for row in connection.execute(select(mentions.c.id, mentions.c.body))}


def change_feed(database: Database) -> list[tuple[int, str, str, bool]]:
    """Return (seq, words or `gone`, op, is_replayed) of every change, in order."""
    words = told(database)
    with database.reading() as connection:
        rows = connection.execute(select(changes).order_by(changes.c.seq)).all()
    return [(row.seq, words.get(row.mention_id, "gone"), row.op, row.is_replayed) for row in rows]
