"""One database and how it is opened: SQLite in WAL with synchronous=FULL, or PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from sqlite3 import SQLITE_BUSY, SQLITE_ERROR
from sqlite3 import Connection as Connection3
from sqlite3 import OperationalError as OperationalError3
from typing import Final

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from veilleur.model.errors import StoreBusy, StoreConflict, StoreDamaged, StoreError, StoreRefused
from veilleur.model.listing import USUAL_ANSWER_S
from veilleur.store.answer_limit import limited
from veilleur.store.snapshot import Snapshot
from veilleur.store.state_look import StateLook

_BUSY_TIMEOUT_S: Final = 10
_CACHE_KIB: Final = 2 * 1024
_CHECKPOINT_PAGES: Final = 4_000
_WAL: Final = "PRAGMA journal_mode = WAL"
_LOOK_EVERY_S: Final = 0.01
_SQLITE_PRAGMAS: Final = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA cache_size = -{_CACHE_KIB}",
    f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}",
)
_KNOWN: Final = {"sqlite", "postgresql"}
_WAYS: Final = "sqlite:///FILE or postgresql+psycopg://…"
_ONE_STATE: Final = "REPEATABLE READ"
_DAMAGE: Final = ("malformed", "not a database", "disk image")
_ADVICE: Final = {
    StoreBusy: "nothing was written, try again",
    StoreConflict: "nothing was written, try again",
    StoreError: "run `veilleur doctor`",
}
_FULL: Final = ("disk is full", "No space left")
# PostgreSQL's class of "program limit exceeded": a row too large for an index is too large the next time too.
_LIMITS: Final = "54"
# SQLite's extended codes hold the primary one in their lowest byte.
_PRIMARY_CODE: Final = 0xFF


class Database:
    """An open database; every read and write of the store goes through `reading` and `writing`."""

    def __init__(self, url: str, *, answer_s: float = USUAL_ANSWER_S) -> None:
        self.url = _read_url(url)
        self.answer_s = answer_s
        self.engine = _create_engine(self.url)
        # SQLite's readers see one state in any case.
        self._readers = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level=_ONE_STATE)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite (else PostgreSQL)."""
        return self.engine.dialect.name == "sqlite"

    @cached_property
    def path(self) -> Path | None:
        """The SQLite file, None on PostgreSQL or in memory."""
        is_file = self.is_sqlite and self.url.database not in {None, "", ":memory:"}
        return Path(str(self.url.database)) if is_file else None

    @cached_property
    def _look(self) -> StateLook | None:
        return None if self.path is None else StateLook(self.path)

    def state(self) -> tuple[int, int] | None:
        """Return what tells the state committed now from every other; None where only reading it would tell.

        What is read after this look is of that state or of a later one.
        """
        return None if self._look is None else self._look.state()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one unchanging state; raises StoreError kinds."""
        with _translated(), self._readers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def answering(self) -> Iterator[Connection]:
        """Yield what `reading` does, for the work of one answer; raises QueryTooCostly where that is too much."""
        with self.reading() as connection, limited(connection, self.answer_s):
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Yield one state, for all reads of one answer, which take no more than one; raises StoreError kinds."""
        with self.answering() as connection:
            yield Snapshot(connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection whose work is committed at the end, or not at all; raises StoreError kinds."""
        with _translated(), self.engine.connect() as plain:
            connection = plain.execution_options(is_writer=True)
            with connection.begin():
                yield connection

    @contextmanager
    def holding(self) -> Iterator[Connection]:
        """Yield a connection for several writing transactions in a row, begun by the caller one by one."""
        with _translated(), self.engine.connect() as plain:
            yield plain.execution_options(is_writer=True)

    def bound_pages(self, most_bytes: int) -> None:
        """Let all SQLite connections of this process together keep no more pages than fit into so much memory.

        A connection uses its own pages again beyond that, and goes on (sqlite3_soft_heap_limit64). Each of five threads
        that work at once filled a cache of its own.
        """
        if self.is_sqlite:
            with self.reading() as connection:
                connection.exec_driver_sql(f"PRAGMA soft_heap_limit = {most_bytes:d}")

    def close(self) -> None:
        """Close every connection."""
        if self._look is not None:
            self._look.close()
        self.engine.dispose()


def _read_url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError as error:
        message = f"VEILLEUR_DATABASE_URL is no database address: use {_WAYS} ({error})"
        raise StoreError(message) from error
    if url.get_backend_name() not in _KNOWN:
        message = f"VEILLEUR_DATABASE_URL: {url.get_backend_name()} is not supported, use {_WAYS}"
        raise StoreError(message)
    if url.get_backend_name() == "postgresql" and url.drivername == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    return url


def _create_engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "sqlite":
            return _create_sqlite_engine(url)
        # Positional parameters, so that the bulk statements take plain tuples on both databases.
        return create_engine(url, paramstyle="format", pool_pre_ping=True, hide_parameters=True)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        message = f"no driver for {url.drivername}: pip install 'veilleur[postgresql]' and use postgresql+psycopg://…"
        raise StoreError(message) from error


def _create_sqlite_engine(url: URL) -> Engine:
    # The connection used last holds the pages that are needed next; turned about, each would fill a cache of its own.
    timeout = {"timeout": _BUSY_TIMEOUT_S}
    engine = create_engine(url, connect_args=timeout, hide_parameters=True, poolclass=QueuePool, pool_use_lifo=True)

    @event.listens_for(engine, "connect")
    def configure(dbapi: Connection3, _record: object) -> None:
        # The driver must not begin transactions of its own: DDL would be left out of them.
        dbapi.isolation_level = None
        _enter_wal(dbapi)
        for pragma in _SQLITE_PRAGMAS:
            dbapi.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        is_writer = connection.get_execution_options().get("is_writer", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

    return engine


def _enter_wal(dbapi: Connection3) -> None:
    """Change a new file's journal; SQLite itself does not wait here for another process that is making the file."""
    deadline = time.monotonic() + _BUSY_TIMEOUT_S
    while True:
        try:
            dbapi.execute(_WAL)
        except OperationalError3 as error:
            if error.sqlite_errorcode != SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_LOOK_EVERY_S)
        else:
            return


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise _described(StoreConflict, error) from error
    except (OperationalError, InterfaceError) as error:
        raise _described(_kind_of(error), error) from error
    except PoolTimeout as error:
        raise StoreBusy("every connection to the database is in use: the same call may succeed later") from error
    except (DataError, OverflowError, UnicodeEncodeError) as error:
        raise _refused(error) from error
    except DatabaseError as error:
        raise _described(StoreError, error) from error


def _kind_of(error: DBAPIError) -> type[StoreError]:
    """Return whether waiting may help: a wrong statement of ours fails the next time too."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return StoreError if code is not None and code & _PRIMARY_CODE == SQLITE_ERROR else StoreBusy


def _described(kind: type[StoreError], error: DBAPIError) -> StoreError:
    if str(getattr(error.orig, "sqlstate", None)).startswith(_LIMITS):
        return _refused(error)
    reason = str(error.orig).strip().splitlines()[0]
    if any(word in reason for word in _DAMAGE):
        return StoreDamaged(f"the database file is damaged ({reason}): stop the daemon and restore a backup")
    advice = "nothing was written, make room on its disk" if any(word in reason for word in _FULL) else _ADVICE[kind]
    return kind(f"the database did not take it ({reason}): {advice}")


def _refused(error: Exception) -> StoreRefused:
    return StoreRefused(f"a value does not fit the database: {type(error).__name__}")
