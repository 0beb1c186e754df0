"""The word index: the tokens of each mention, and FTS5 over them where the database is SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, delete, select

from veilleur.store.bulk import insert_rows
from veilleur.store.tables import mention_words

WordRow = tuple[int, str, str]
_ADD: Final = "INSERT INTO mention_index (rowid, words, names) VALUES (?, ?, ?)"
# An external-content index is told the exact old tokens, or it keeps them for ever (and says nothing).
_REMOVE: Final = "INSERT INTO mention_index (mention_index, rowid, words, names) VALUES ('delete', ?, ?, ?)"


def add_words(connection: Connection, rows: Sequence[WordRow]) -> None:
    """Index (ord, words, names) rows; sorted, because FTS5 flushes its buffer whenever a row id goes down."""
    ordered = sorted(rows)
    insert_rows(connection, mention_words, ("ord", "words", "names"), ordered)
    if ordered and connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_ADD, ordered)


def remove_words(connection: Connection, orders: Sequence[int]) -> None:
    """Take mentions out of the index."""
    held = mention_words.c.ord.in_(orders)
    if connection.dialect.name == "sqlite":
        rows = [
            tuple(row) for row in connection.execute(select(mention_words).where(held).order_by(mention_words.c.ord))
        ]
        if rows:
            connection.exec_driver_sql(_REMOVE, rows)
    connection.execute(delete(mention_words).where(held))
