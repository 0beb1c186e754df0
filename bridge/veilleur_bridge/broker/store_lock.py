"""One broker for a folder: a file lock that the child inherits, so that even an orphan is recognised."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psutil

from veilleur_bridge.errors import BrokerError

LOCK_NAME: Final = "broker.lock"
# a broker whose daemon was just killed needs a moment to die too
FIRST_WAIT_SECONDS: Final = 0.5
SECOND_WAIT_SECONDS: Final = 3.0
POLL_SECONDS: Final = 0.05
# a host of 253 characters, a key and three numbers take less
_HOLDER_BYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class LockHolder:
    """Who wrote itself into the lock: the daemon's process, its broker's, and where and with which key that listens."""

    daemon_pid: int
    broker_pid: int | None
    port: int
    host: str = "127.0.0.1"
    key_sha256: str | None = None


class StoreLock:
    """The held lock; it lasts until every process that inherited it is gone."""

    def __init__(self, file_descriptor: int) -> None:
        self._file_descriptor = file_descriptor

    @property
    def file_descriptor(self) -> int:
        """What the child inherits."""
        return self._file_descriptor

    def name_holder(self, holder: LockHolder) -> None:
        """Write down who holds the lock, in one write of one length: nobody reads the end of who held it before."""
        os.pwrite(self._file_descriptor, json.dumps(asdict(holder)).encode("ascii").ljust(_HOLDER_BYTES), 0)

    def release(self) -> None:
        """Let go of our share of the lock."""
        os.close(self._file_descriptor)


def acquire_store_lock(folder: Path) -> StoreLock:
    """Lock the folder, ending a broker whose daemon is gone. Raises BrokerError where one is at work."""
    path = folder / LOCK_NAME
    lock = StoreLock(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    try:
        _wait_for(lock, path)
    except BrokerError:
        lock.release()
        raise
    return lock


def current_holder(folder: Path) -> LockHolder | None:
    """Return who runs the folder's broker now, or None."""
    path = folder / LOCK_NAME
    try:
        file_descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file_descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_holder(path)
    finally:
        os.close(file_descriptor)
    return None


def _wait_for(lock: StoreLock, path: Path) -> None:
    if _locked_within(lock.file_descriptor, FIRST_WAIT_SECONDS):
        return
    _end_orphan(path)
    if not _locked_within(lock.file_descriptor, SECOND_WAIT_SECONDS):
        raise BrokerError(f"another process holds {path}: end it, then start again")


def _locked_within(file_descriptor: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(file_descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_SECONDS)
        else:
            return True


def _end_orphan(path: Path) -> None:
    holder = _read_holder(path)
    if holder is None or holder.broker_pid is None:
        return
    if _holds(holder.daemon_pid, path):
        raise BrokerError(f"the broker of {path.parent} already runs (pid {holder.daemon_pid}): end that program first")
    if _holds(holder.broker_pid, path):
        with contextlib.suppress(psutil.Error):
            psutil.Process(holder.broker_pid).kill()


def _holds(pid: int, path: Path) -> bool:
    try:
        return any(Path(file.path) == path.resolve() for file in psutil.Process(pid).open_files())
    except psutil.Error:
        return False


def _read_holder(path: Path) -> LockHolder | None:
    try:
        written = json.loads(path.read_bytes())
        place = int(written["port"]), str(written["host"]), written["key_sha256"]
        return LockHolder(int(written["daemon_pid"]), written["broker_pid"], *place)
    except (OSError, ValueError, KeyError, TypeError):
        return None
