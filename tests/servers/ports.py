"""A port that nobody listens on, and waiting until somebody does."""

from __future__ import annotations

import random
import socket

_FIRST, _LAST = 20_000, 32_000


def free_port() -> int:
    """Return a loopback port that was free a moment ago.

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
            return port


def is_listening(port: int) -> bool:
    """Say whether something accepts connections on the loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0
