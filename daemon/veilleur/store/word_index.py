"""The word index: the tokens of each mention, and on SQLite FTS5 over those of the mentions that are shown.

FTS5 indexes the view `mention_indexed`: it must be told before a mention's words or fields change, or it goes, and
after it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import json
from sqlalchemy import Connection, delete
from sqlalchemy.exc import DatabaseError, OperationalError

from veilleur.model.arrival import IndexTokens
from veilleur.store.among import among
from veilleur.store.bulk import insert_indexed, insert_rows
from veilleur.store.tables import mention_words

_COLUMNS: Final = tuple(column.name for column in mention_words.columns)
_INDEX: Final = "mention_index"
# In order, because FTS5 flushes its buffer whenever a row id goes down.
_SHOWN: Final = (
    "words, names, places, fields FROM mention_indexed WHERE ord IN (SELECT value FROM json_each(?)) ORDER BY ord"
)
_ADDING: Final = f"INSERT INTO {_INDEX} (rowid, words, names, places, fields) SELECT ord, {_SHOWN}"
# An external-content index is told the exact old tokens, or it keeps them for ever (and says nothing).
_REMOVING: Final = (
    f"INSERT INTO {_INDEX} ({_INDEX}, rowid, words, names, places, fields) SELECT 'delete', ord, {_SHOWN}"
)


def add_words(connection: Connection, rows: Iterable[tuple[int, IndexTokens]]) -> None:
    """Keep the tokens of mentions that are stored, by their order numbers, and index those that are shown."""
    ordered = sorted((order, one.words, one.names, one.places) for order, one in rows)
    insert_rows(connection, mention_words, _COLUMNS, ordered)
    index(connection, [row[0] for row in ordered])


def remove_words(connection: Connection, orders: Sequence[int]) -> None:
    """Take mentions out of the index, and forget their tokens."""
    unindex(connection, orders)
    connection.execute(delete(mention_words).where(among(connection, mention_words.c.ord, orders)))


def index(connection: Connection, orders: Sequence[int]) -> None:
    """Let those of these mentions that are shown be found."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_ADDING, (_listed(orders),))


def unindex(connection: Connection, orders: Sequence[int]) -> None:
    """Let those of these mentions that are shown be found no more; while they still are what was indexed."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_REMOVING, (_listed(orders),))


def is_index_sound(connection: Connection) -> bool:
    """Return whether FTS5 holds the stored words, all of them and no others; reads the whole index."""
    if connection.dialect.name == "sqlite":
        try:
            insert_indexed(connection, _INDEX, (_INDEX, "rank"), [("integrity-check", 1)])
        except OperationalError:
            raise
        except DatabaseError:
            return False
    return True


def rebuild_index(connection: Connection) -> None:
    """Write the index anew from the stored words: the one way to rid FTS5 of tokens that nobody can name any more."""
    if connection.dialect.name == "sqlite":
        insert_indexed(connection, _INDEX, (_INDEX,), [("rebuild",)])


def _listed(orders: Sequence[int]) -> str:
    return json.encode(list(orders)).decode()
