"""Clients that ask a server over HTTP, each again as soon as it is answered: bare sockets in one thread.

A heavier client would measure itself, on a machine of two cores, and threads of one process would wait for each other.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

_RECEIVED_BYTES: Final = 1 << 16
_SILENT_S: Final = 30.0
_LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_GOOD: Final = b"HTTP/1.1 200 "
_END: Final = b"\r\n\r\n"


class _Client:
    """One connection, kept for all that is asked over it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = bytearray()
        self._whole = 0
        self._begun_s = 0.0

    def ask(self, request: bytes) -> None:
        self._received.clear()
        self._whole = 0
        self._begun_s = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> float | None:
        """Take what came; return how many milliseconds the answer took once it is whole."""
        self._received += self.socket.recv(_RECEIVED_BYTES)
        if not self._whole:
            self._whole = _whole_bytes(self._received)
        if not self._whole or len(self._received) < self._whole:
            return None
        return (time.perf_counter() - self._begun_s) * 1e3


def ask_all(port: int, secret: str, paths: Iterable[str], clients: int) -> Sequence[float]:
    """Return how many milliseconds each path took to be answered; raises RuntimeError where one was not well."""
    requests = iter([_request(path, secret) for path in paths])
    every = [_Client(port) for _ in range(clients)]
    try:
        with selectors.DefaultSelector() as ready:
            for client in every:
                ready.register(client.socket, selectors.EVENT_READ, client)
            return _asked(ready, every, requests)
    finally:
        for client in every:
            client.socket.close()


def _asked(ready: selectors.BaseSelector, every: Sequence[_Client], requests: Iterator[bytes]) -> list[float]:
    took: list[float] = []
    waiting = 0
    for client, request in zip(every, requests, strict=False):
        client.ask(request)
        waiting += 1
    while waiting:
        events = ready.select(_SILENT_S)
        if not events:
            message = f"nothing was answered for {_SILENT_S:g} s"
            raise RuntimeError(message)
        for key, _ in events:
            client = key.data
            one = client.receive()
            if one is None:
                continue
            took.append(one)
            following = next(requests, None)
            if following is None:
                waiting -= 1
            else:
                client.ask(following)
    return took


def _request(path: str, secret: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {secret}\r\n\r\n".encode()


def _whole_bytes(received: bytearray) -> int:
    """Return how long the answer is with its head, 0 where that did not come whole yet."""
    end = received.find(_END)
    if end < 0:
        return 0
    length = _LENGTH.search(received, 0, end + len(_END))
    if not received.startswith(_GOOD) or length is None:
        message = f"answered: {bytes(received[:end]).decode('latin-1').splitlines()[0]}"
        raise RuntimeError(message)
    return end + len(_END) + int(length[1])
