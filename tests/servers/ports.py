"""A port that nobody listens on, and waiting until somebody does."""

from __future__ import annotations

import fcntl
import os
import random
import socket
import tempfile
from collections import deque
from functools import cache
from pathlib import Path
from typing import Final

_FIRST, _LAST = 20_000, 32_000
_HELD_AT_MOST: Final = 500


class HeldPorts:
    """Ports that this process has given out of late; no other test process, of whichever run, is given them.

    A port is one byte of a file that all of them lock (POSIX locks end with their process): two servers that start
    in the same second would else now and then be given the same number, since neither listens yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self._held: deque[int] = deque()

    def take(self, port: int) -> bool:
        """Say whether the port is now this process's own; the one given longest ago may be given again."""
        if port in self._held:
            return False
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
        except OSError:
            return False
        self._held.append(port)
        if len(self._held) > _HELD_AT_MOST:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, self._held.popleft())
        return True


@cache
def held_ports() -> HeldPorts:
    """Return the ports held by this process."""
    return HeldPorts(Path(tempfile.gettempdir()) / f"veilleur-test-ports-{os.getuid()}")


def free_port() -> int:
    """Return a loopback port that was free a moment ago, and that no other test is given meanwhile.

    It lies below those that the system gives to outgoing connections (from 32768 on Linux): somebody's connection
    could otherwise take it between this look and the server's start.
    """
    while True:
        port = random.SystemRandom().randint(_FIRST, _LAST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if held_ports().take(port):
            return port


def is_listening(port: int) -> bool:
    """Say whether something accepts connections on the loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0
