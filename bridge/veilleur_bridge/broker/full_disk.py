"""Knows when the embedded broker must begin anew because its disk was full: it goes on refusing after there is room."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

# What NATS logs at each message that it could not write; it never tries that file again.
NO_ROOM: Final = b"no space left on device"
ROOM_BYTES: Final = 4 * 1024 * 1024


class FullDisk:
    """Looks at what one child logs, from its start on."""

    def __init__(self, log_file: Path, store_folder: Path, *, room_bytes: int = ROOM_BYTES) -> None:
        self._log_file = log_file
        self._store_folder = store_folder
        self._room_bytes = room_bytes
        self._read_through = self._log_bytes()
        self._was_full = False

    def is_over(self) -> bool:
        """Return whether the child found no room, and there is some now."""
        self._was_full = self._was_full or NO_ROOM in self._newly_logged()
        return self._was_full and shutil.disk_usage(self._store_folder).free >= self._room_bytes

    def _newly_logged(self) -> bytes:
        if self._log_bytes() < self._read_through:
            self._read_through = 0
        if not self._log_file.exists():
            return b""
        with self._log_file.open("rb") as log:
            log.seek(self._read_through)
            news = log.read()
        # a line that is just being written is read again
        whole = news.rpartition(b"\n")[0]
        self._read_through += len(whole)
        return whole

    def _log_bytes(self) -> int:
        return self._log_file.stat().st_size if self._log_file.exists() else 0
