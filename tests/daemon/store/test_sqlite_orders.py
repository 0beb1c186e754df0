"""What FTS5 gives newest first: all of it from one release of SQLite on, whichever this machine has."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Final

import pytest

from veilleur.store.database import Database
from veilleur.store.health import WHOLE_NEWEST_FIRST, order_problem

_ROWS: Final = 10_000
_SMALLEST_PAGE: Final = 64
_FIRST_MS: Final = 1_700_000_000_000
_MILLIONS: Final = 5_000_000


def _found(connection: sqlite3.Connection, order: str) -> list[int]:
    asked = f"SELECT rowid FROM told WHERE told MATCH 'bus AND retard' ORDER BY rowid {order}"
    return [row[0] for row in connection.execute(asked)]


def test_the_release_that_is_named_as_whole_is_and_an_earlier_one_is_not() -> None:
    """Small pages make of ten thousand rows what millions are at the usual size."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE told USING fts5(words, content='')")
        connection.execute("INSERT INTO told (told, rank) VALUES ('pgsz', ?)", (_SMALLEST_PAGE,))
        rows = ((((_FIRST_MS + at * 37) << 20) + at * 7_919 % (1 << 20), at) for at in range(1, _ROWS + 1))
        worded = ((order, f"bus {'retard' if at % 3 == 0 else ''} {at % 5_000}") for order, at in rows)
        connection.executemany("INSERT INTO told (rowid, words) VALUES (?, ?)", worded)
        connection.execute("INSERT INTO told (told) VALUES ('optimize')")
        oldest_first, newest_first = _found(connection, "ASC"), _found(connection, "DESC")
    assert len(oldest_first) == _ROWS // 3
    assert (newest_first[::-1] == oldest_first) == (sqlite3.sqlite_version_info >= WHOLE_NEWEST_FIRST)


@pytest.mark.parametrize(
    ("mentions", "version", "is_told"),
    [
        (_MILLIONS, (3, 40, 1), True),
        (_MILLIONS, (3, 41, 2), True),
        (_MILLIONS, (3, 42, 0), False),
        (_MILLIONS, (3, 100, 0), False),
        (100_000, (3, 40, 1), False),
    ],
)
def test_millions_on_an_earlier_release_are_told(
    database: Database, mentions: int, version: tuple[int, ...], is_told: bool
) -> None:
    problem = order_problem(database, mentions, version=version)
    assert (problem is not None) == (is_told and database.is_sqlite)
    assert problem is None or ".".join(map(str, version)) in problem
