"""Whoever sits on the line between a tablet and its broker: carries every byte, and keeps it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_CHUNK_BYTES = 65_536


class Eavesdropper:
    """Forwards connections to one port of this machine; `heard` is what clients said, connection after connection."""

    def __init__(self, port: int) -> None:
        self.heard: list[bytes] = []
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def said_in_clear(self, words: bytes) -> bool:
        return any(words in heard for heard in self.heard)

    def close(self) -> None:
        for line in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._port))
            except ConnectionRefusedError:
                client.close()
                continue
            except OSError:
                return
            self._open += [client, server]
            self.heard.append(b"")
            number = len(self.heard) - 1
            for way in ((client, server, number), (server, client, None)):
                thread = threading.Thread(target=self._carry, args=way, daemon=True)
                self._threads.append(thread)
                thread.start()

    def _carry(self, source: socket.socket, target: socket.socket, number: int | None) -> None:
        with contextlib.suppress(OSError):
            while part := source.recv(_CHUNK_BYTES):
                if number is not None:
                    self.heard[number] += part
                target.sendall(part)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)


@contextmanager
def listening_on_the_line(port: int) -> Iterator[Eavesdropper]:
    """Put somebody on the line to a port; end it afterwards."""
    eavesdropper = Eavesdropper(port)
    try:
        yield eavesdropper
    finally:
        eavesdropper.close()
