"""The word index: the tokens of each mention, and FTS5 over them where the database is SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.exc import DatabaseError, OperationalError

from veilleur.store.among import among
from veilleur.store.bulk import insert_indexed, insert_rows
from veilleur.store.tables import mention_words

WordRow = tuple[int, str, str]
_INDEX: Final = "mention_index"


def add_words(connection: Connection, rows: Sequence[WordRow]) -> None:
    """Index (ord, words, names) rows; sorted, because FTS5 flushes its buffer whenever a row id goes down."""
    ordered = sorted(rows)
    insert_rows(connection, mention_words, ("ord", "words", "names"), ordered)
    if connection.dialect.name == "sqlite":
        insert_indexed(connection, _INDEX, ("rowid", "words", "names"), ordered)


def remove_words(connection: Connection, orders: Sequence[int]) -> None:
    """Take mentions out of the index."""
    held = among(connection, mention_words.c.ord, orders)
    if connection.dialect.name == "sqlite":
        found = connection.execute(select(mention_words).where(held).order_by(mention_words.c.ord))
        # An external-content index is told the exact old tokens, or it keeps them for ever (and says nothing).
        rows = [("delete", row.ord, row.words, row.names) for row in found]
        insert_indexed(connection, _INDEX, (_INDEX, "rowid", "words", "names"), rows)
    connection.execute(delete(mention_words).where(held))


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
