"""The lease: one daemon of a name on one database, by a lock that dies with its process."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Final

from sqlalchemy import text

from veilleur.model.errors import AlreadyRunning
from veilleur.store.database import Database

WATCHMAN: Final = "_watchman"
"""The lease of the one that keeps the coverage ledger; no daemon can be named so."""
_WAIT_S: Final = 5.0
_LOOK_EVERY_S: Final = 0.1
_APPLICATION: Final = "veilleur process "


@contextmanager
def lease(database: Database, daemon_name: str, *, wait_seconds: float = _WAIT_S) -> Iterator[None]:
    """Hold the lease; raises AlreadyRunning naming the holder when another still has it after the wait."""
    if database.path is not None:
        path = database.path.with_name(f"{database.path.name}.{daemon_name}.lease")
        with _file_lease(path, daemon_name, wait_seconds):
            yield
    else:
        with _advisory_lease(database, daemon_name, wait_seconds):
            yield


@contextmanager
def _file_lease(path: Path, daemon_name: str, wait_seconds: float) -> Iterator[None]:
    with path.open("a+", encoding="utf-8") as file:

        def take() -> bool:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        if not _taken_within(take, wait_seconds):
            file.seek(0)
            raise _held_by(file.read().strip(), daemon_name)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def _advisory_lease(database: Database, daemon_name: str, wait_seconds: float) -> Iterator[None]:
    key = int.from_bytes(blake2b(daemon_name.encode(), digest_size=7).digest())
    with database.engine.connect() as connection:
        # The lock is the connection's: given back to the pool, it would be held on.
        connection.detach()
        connection.execute(
            text("SELECT set_config('application_name', :name, false)"), {"name": f"{_APPLICATION}{os.getpid()}"}
        )

        def take() -> bool:
            return bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar_one())

        if not _taken_within(take, wait_seconds):
            holder = connection.execute(
                text(
                    "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid) "
                    "WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32 | objid::bigint) = :key "
                    "AND datname = current_database()"
                ),
                {"key": key},
            ).scalar()
            raise _held_by(str(holder or "").removeprefix(_APPLICATION), daemon_name)
        connection.commit()
        yield


def _held_by(holder: str, daemon_name: str) -> AlreadyRunning:
    message = (
        f"daemon {daemon_name} is already running as process {holder or 'unknown'} on this database: "
        "use that one, or give this one another VEILLEUR_DAEMON_NAME"
    )
    return AlreadyRunning(message)


def _taken_within(take: Callable[[], bool], wait_seconds: float) -> bool:
    deadline = time.monotonic() + wait_seconds
    while not take():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_EVERY_S)
    return True
