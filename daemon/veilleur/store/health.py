"""What `doctor` asks of the database: is it whole, do its parts agree, what lies aside."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Table, func, select, true

from veilleur.model.kinds import OutcomeKind
from veilleur.store.database import Database
from veilleur.store.tables import dead_letters, mention_words, mentions, notifications, outcomes
from veilleur.store.tallies import are_tallies_sound
from veilleur.store.word_index import is_index_sound

WHOLE_NEWEST_FIRST: Final = (3, 42, 0)
"""The first SQLite whose FTS5 gives every row that has several words, newest first (docs/decisions/0027)."""

_CHECKED_ROWS: Final = 1_000
_SURE_MENTIONS: Final = 1_000_000


class StoreCounts(Struct, frozen=True):
    """How many rows each part holds; `indexed_mentions` must equal `mentions`."""

    notifications: int
    mentions: int
    indexed_mentions: int
    quarantined: int
    dead_letters: int


def count_rows(database: Database) -> StoreCounts:
    """Count the rows of each part, of every project."""
    is_quarantined = outcomes.c.outcome == OutcomeKind.QUARANTINED.value
    return StoreCounts(
        notifications=_count(database, notifications),
        mentions=_count(database, mentions),
        indexed_mentions=_count(database, mention_words),
        quarantined=_count(database, outcomes, is_quarantined),
        dead_letters=_count(database, dead_letters, dead_letters.c.recovered_at.is_(None)),
    )


def integrity_problem(database: Database) -> str | None:
    """Return what the database itself finds wrong with its file, None where nothing."""
    if not database.is_sqlite:
        return None
    with database.reading() as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    return None if found == "ok" else str(found)


def index_problem(database: Database) -> str | None:
    """Return what is wrong with the word index, None where nothing; writers wait while it is read."""
    with database.writing() as connection:
        return None if is_index_sound(connection) else "the word index does not hold the stored words"


def order_problem(
    database: Database, indexed_mentions: int, *, version: tuple[int, ...] = sqlite3.sqlite_version_info
) -> str | None:
    """Return what searches of so many mentions may miss for the age of this machine's SQLite, None where nothing."""
    if not database.is_sqlite or version >= WHOLE_NEWEST_FIRST or indexed_mentions <= _SURE_MENTIONS:
        return None
    ours, whole = (".".join(map(str, one)) for one in (version, WHOLE_NEWEST_FIRST))
    return (
        f"a search for several words may miss some: SQLite {ours} skips rows in an index of millions, {whole} does not"
    )


def tally_problem(database: Database) -> str | None:
    """Return what is wrong with the roll-up, None where it says what the mentions do."""
    with database.reading() as connection:
        return None if are_tallies_sound(connection) else "the counts of each quarter of an hour are not the mentions'"


def altered_notifications(database: Database) -> Iterator[int]:
    """Yield the ids of raw rows whose bytes no longer match their checksum (a bit flipped on disk)."""
    after = 0
    query = select(notifications.c.id, notifications.c.sha256, notifications.c.payload)
    while True:
        with database.reading() as connection:
            span = query.where(notifications.c.id > after).order_by(notifications.c.id).limit(_CHECKED_ROWS)
            rows = connection.execute(span).all()
        yield from (row.id for row in rows if sha256(row.payload).digest() != bytes(row.sha256))
        if len(rows) < _CHECKED_ROWS:
            return
        after = rows[-1].id


def _count(database: Database, table: Table, where: ColumnElement[bool] | None = None) -> int:
    condition = true() if where is None else where
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one())
