"""Consumers of changes: each has come so far, and what it makes of changes is written together with how far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from sqlalchemy import Connection, select, update

from veilleur.model.changes import Change
from veilleur.store.bulk import insert_rows
from veilleur.store.change_tables import consumers
from veilleur.store.changes import changes_between, newest_seq
from veilleur.store.database import Database

_BATCH: Final = 500
_Results = TypeVar("_Results")


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Consumer(Generic[_Results]):
    """What follows changes under a name that no other has.

    `judge` makes results of a batch, outside of any transaction, and may read the store; it is asked again for the
    same batch where writing failed, so it must change nothing itself. `write` is a function of the store that writes
    them. Both happen once for each change, whenever the process dies. While `is_needed` says no, changes are passed
    over. Replayed ones are passed over unless `reads_replayed`.
    """

    name: str
    judge: Callable[[Sequence[Change]], _Results]
    write: Callable[[Connection, _Results], None]
    is_needed: Callable[[], bool] = _always
    reads_replayed: bool = False


def register(database: Database, name: str, *, from_start: bool = False) -> None:
    """Let a consumer begin at what happens from now on, or at the first change; one that is known goes on."""
    with database.reading() as connection:
        if _through(connection, name) is not None:
            return
    with database.writing() as connection:
        start = 0 if from_start else newest_seq(connection)
        insert_rows(connection, consumers, ("name", "through_seq"), [(name, start)], ignore=True)


def consume(database: Database, consumer: Consumer[_Results], *, limit: int = _BATCH) -> bool:
    """Let a registered consumer take its next changes in; return whether more may be waiting.

    Several processes may do so at once: of what two of them take in, one is written.
    """
    is_needed = consumer.is_needed()
    with database.reading() as connection:
        after, newest = _through(connection, consumer.name), newest_seq(connection)
        if after is None or after >= newest:
            return False
        through = min(after + limit, newest) if is_needed else newest
        with_replayed = consumer.reads_replayed
        batch = changes_between(connection, after, through, with_replayed=with_replayed) if is_needed else ()
    results = consumer.judge(batch) if batch else None
    with database.writing() as connection:
        if _advance(connection, consumer.name, after, through) and results is not None:
            consumer.write(connection, results)
    return through < newest


def is_caught_up(database: Database, name: str) -> bool:
    """Return whether a consumer has taken in all that was stored."""
    with database.reading() as connection:
        return _through(connection, name) == newest_seq(connection)


def _through(connection: Connection, name: str) -> int | None:
    query = select(consumers.c.through_seq).where(consumers.c.name == name)
    return connection.execute(query).scalar()


def _advance(connection: Connection, name: str, after: int, through: int) -> bool:
    """Return whether this was the first to come so far: the row stays locked to the commit."""
    is_here = (consumers.c.name == name) & (consumers.c.through_seq == after)
    return connection.execute(update(consumers).where(is_here).values(through_seq=through)).rowcount == 1
