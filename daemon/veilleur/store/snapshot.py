"""What may be read from: a database, at each call as it is then, or one state of it for all that an answer joins."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from sqlalchemy import Connection


class Readable(Protocol):
    """A database, or one state of it."""

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite (else PostgreSQL)."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Yield a connection that sees one unchanging state; raises StoreError kinds."""

    def answering(self) -> AbstractContextManager[Connection]:
        """Yield what `reading` would, for the work of one answer; raises QueryTooCostly where that is too much."""


class Snapshot:
    """One state of a database: whatever is read from it agrees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def is_sqlite(self) -> bool:
        return self._connection.dialect.name == "sqlite"

    def reading(self) -> AbstractContextManager[Connection]:
        return nullcontext(self._connection)

    def answering(self) -> AbstractContextManager[Connection]:
        return nullcontext(self._connection)
