"""SQLite databases as files: opened for a while, and connections that wait for nobody."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import event

from veilleur.store.database import Database
from veilleur.store.opening import open_database

FILE = "veilleur.db"


@contextmanager
def opened(folder: Path) -> Iterator[Database]:
    """Open the database file of a folder, made where there is none, and close it afterwards."""
    database = open_database(f"sqlite:///{folder / FILE}")
    try:
        yield database
    finally:
        database.close()


@contextmanager
def held(folder: Path) -> Iterator[sqlite3.Connection]:
    """Hold the file's write lock, as another process would, until the block ends or the connection rolls back."""
    with closing(sqlite3.connect(folder / FILE, isolation_level=None, check_same_thread=False)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def set_up_connections(database: Database, *statements: str) -> None:
    """Run these statements on every connection that this database opens from now on."""
    database.close()

    @event.listens_for(database.engine, "connect")
    def set_up(dbapi: sqlite3.Connection, _record: object) -> None:
        for statement in statements:
            dbapi.execute(statement)


def make_impatient(database: Database) -> None:
    """Let this database wait for a lock hardly at all, instead of ten seconds."""
    set_up_connections(database, "PRAGMA busy_timeout = 20")
