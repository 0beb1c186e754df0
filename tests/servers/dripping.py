"""A server that takes a connection, begins an answer, and then sends a byte now and then, for ever."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_PAUSE_S = 0.05


@dataclass
class Dripper:
    """Where it listens, how many connections came, and how many were ended by whoever had made them."""

    port: int
    begun: bytes
    drop: bytes
    tls: ssl.SSLContext | None = None
    came_count: int = 0
    left_count: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def drip(self, line: socket.socket) -> None:
        """Answer one connection until it is ended."""
        try:
            with line if self.tls is None else self.tls.wrap_socket(line, server_side=True) as stream:
                stream.sendall(self.begun)
                while not self._over.wait(_PAUSE_S):
                    stream.sendall(self.drop)
        except OSError:
            self.left_count += 1

    def end(self) -> None:
        self._over.set()


@contextmanager
def running_dripper(begun: bytes, drop: bytes = b" ", tls: ssl.SSLContext | None = None) -> Iterator[Dripper]:
    """Serve while the block runs: `begun` at once to whoever connects, then `drop` again and again."""
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        dripper = Dripper(listening.getsockname()[1], begun, drop, tls)

        def accept() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                dripper.came_count += 1
                threads.append(threading.Thread(target=dripper.drip, args=(line,)))
                threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield dripper
        finally:
            dripper.end()
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join(20)
            for thread in threads:
                thread.join(20)
