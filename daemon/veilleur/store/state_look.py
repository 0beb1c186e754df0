"""Tells one state of an SQLite file from the next, at a hundredth of what it costs to read anything from it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import Lock
from typing import Final

_STATE: Final = "PRAGMA data_version"


class StateLook:
    """Numbers the states that a file is found in: after any commit, of whatever process, the number is another.

    It looks through a connection of its own that never writes, for SQLite does not count a connection's own commits
    (https://www.sqlite.org/pragma.html#pragma_data_version). It waits for nobody.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._lock = Lock()
        self._opened = 0

    def state(self) -> tuple[int, int] | None:
        """Return the number of the state that is committed now, None where it cannot be told."""
        with self._lock:
            try:
                connection = self._connection or self._open()
                (number,) = connection.execute(_STATE).fetchone()
            except sqlite3.Error:
                self._close()
                return None
            return self._opened, number

    def close(self) -> None:
        """Close the connection; the next look opens another, and gives it another number."""
        with self._lock:
            self._close()

    def _open(self) -> sqlite3.Connection:
        self._opened += 1
        address = f"{self._path.absolute().as_uri()}?mode=rw"
        self._connection = sqlite3.connect(address, uri=True, timeout=0, check_same_thread=False, isolation_level=None)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
