"""What a database holds, looked at from outside while a daemon may be writing, or dying, over it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool


class DeadLetter(NamedTuple):
    """A message that could not be read, as it was kept."""

    payload: bytes
    reason: str
    detail: str


class Ledger(NamedTuple):
    """What must be right after any accident: every seq once, every mention once, and the watermark at the end."""

    rows: int
    places: int
    last_seq: int
    watermarks: list[int]
    above_watermark: list[tuple[int, int]]
    dead_letters: int
    outcomes: int
    mentions: int
    bodies: int
    created: int


def unbroken(count: int) -> Ledger:
    """Return the ledger of a device that made `count` envelopes with one new mention in each."""
    return Ledger(count, count, count, [count], [], 0, count, count, count, count)


@dataclass(frozen=True, slots=True)
class StoredRows:
    """Reads tables of SQLite and PostgreSQL alike; a connection for each look."""

    _engine: Engine

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def change(self, statement: str) -> None:
        """Change rows behind the program's back."""
        with self._engine.begin() as connection:
            connection.execute(text(statement))

    def one(self, expression: str, table: str) -> int:
        """Return one number about a table; 0 while it does not exist."""
        try:
            return int(self.rows(f"SELECT coalesce({expression}, 0) FROM {table}")[0][0])
        except OperationalError:
            return 0

    def count(self, table: str) -> int:
        return self.one("count(*)", table)

    def dead_letters(self) -> list[DeadLetter]:
        rows = self.rows("SELECT payload, reason, detail FROM dead_letters ORDER BY id")
        return [DeadLetter(bytes(payload), reason, detail) for payload, reason, detail in rows]

    def ledger(self) -> Ledger:
        places = "SELECT count(*) FROM (SELECT DISTINCT device_id, epoch, seq FROM notifications) AS places"
        return Ledger(
            rows=self.count("notifications"),
            places=self.rows(places)[0][0],
            last_seq=self.one("max(seq)", "notifications"),
            watermarks=[row[0] for row in self.rows("SELECT watermark FROM epochs")],
            above_watermark=[
                (row[0], row[1]) for row in self.rows("SELECT from_seq, through_seq FROM received_intervals")
            ],
            dead_letters=self.count("dead_letters"),
            outcomes=self.count("outcomes"),
            mentions=self.one("count(DISTINCT id)", "mentions"),
            bodies=self.one("count(DISTINCT body)", "mentions"),
            created=self.one("count(*)", "changes WHERE op = 'created'"),
        )


@contextmanager
def looking_into(database_url: str) -> Iterator[StoredRows]:
    """Give a look into the database at a SQLAlchemy URL."""
    engine = create_engine(database_url, poolclass=NullPool)
    try:
        yield StoredRows(engine)
    finally:
        engine.dispose()
