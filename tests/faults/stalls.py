"""Ways to keep a daemon from storing anything, from outside, for as long as a block runs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import psutil

from tests.servers.daemon import Daemon

_DISK_BYTES = 24 * 1024 * 1024
_LEFT_BYTES = 64 * 1024
Stall = Callable[[Daemon], AbstractContextManager[None]]


@contextmanager
def locked(daemon: Daemon) -> Iterator[None]:
    """Hold the database's write lock in another process's place."""
    with closing(sqlite3.connect(_database(daemon), isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@contextmanager
def files_no_longer_grow(daemon: Daemon) -> Iterator[None]:
    """Limit the size of every file that the daemon's processes write: SQLite reports SQLITE_IOERR."""
    processes = [psutil.Process(daemon.pid), *psutil.Process(daemon.pid).children(recursive=True)]
    wal = _database(daemon).with_name("veilleur.db-wal")
    largest = max(wal.stat().st_size, _database(daemon).stat().st_size) + _LEFT_BYTES
    limits = [(process, process.rlimit(psutil.RLIMIT_FSIZE)) for process in processes]
    for process, (_, most) in limits:
        process.rlimit(psutil.RLIMIT_FSIZE, (largest, most))
    yield
    for process, before in limits:
        if process.is_running():
            process.rlimit(psutil.RLIMIT_FSIZE, before)


@contextmanager
def disk_full(daemon: Daemon) -> Iterator[None]:
    """Fill the disk that the data folder lies on (see `small_disk`): SQLite reports SQLITE_FULL."""
    ballast = daemon.installation.data_dir / "ballast"
    free = shutil.disk_usage(daemon.installation.data_dir).free
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free - _LEFT_BYTES))
    yield
    ballast.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Mount a disk of a few megabytes in memory over a folder; needs root."""
    folder.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK_BYTES}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _database(daemon: Daemon) -> Path:
    return daemon.installation.data_dir / "veilleur.db"
