"""A reader that takes nothing, over a real socket: it holds no memory, stops nobody, and is let go."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import closing
from http.client import HTTPConnection
from threading import Event

import structlog
from starlette.types import Receive, Scope, Send

from tests.servers.asgi import running_app
from tests.waiting import until
from veilleur.api.patient_stream import PatientStream

_SOON_S = 60.0
_PATIENCE_S = 5.0
"""A reader that is halted for a second, as on a busy machine, is none that takes nothing."""
_EVENT = "data: " + "x" * 50_000 + "\n\n"
# What sockets hold on both sides is the kernel's, and at most some megabytes.
_FAR_TOO_MANY = 2_000


class Endless:
    """Answers every request with events without end, and counts those that were asked of it."""

    def __init__(self) -> None:
        self.told: list[int] = []
        self.ended: list[int] = []
        self.is_over = Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        number = len(self.told)
        self.told.append(0)
        stream = PatientStream(
            self._events(number), {}, ended=lambda: self.ended.append(number), patience_s=_PATIENCE_S
        )
        await stream(scope, receive, send)

    async def _events(self, number: int) -> AsyncIterator[str]:
        while not self.is_over.is_set():
            self.told[number] += 1
            yield _EVENT
            # Who has gone is told everything at once: without this the loop would never hear of it.
            await asyncio.to_thread(self.is_over.is_set)


def test_a_reader_that_takes_nothing_is_let_go_and_stops_nobody() -> None:
    """Broken, and caught: without the time-out of `send` the silent reader was never let go."""
    app = Endless()
    with (
        structlog.testing.capture_logs() as logs,
        running_app(app, before_end=app.is_over.set) as port,
        socket.socket() as silent,
    ):
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        silent.connect(("127.0.0.1", port))
        silent.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until(lambda: app.told and app.told[0], within_seconds=_SOON_S, what="the silent reader was answered")

        with closing(HTTPConnection("127.0.0.1", port, timeout=_SOON_S)) as awake:
            awake.request("GET", "/")
            with awake.getresponse() as answer:
                assert len(answer.read(100 * len(_EVENT))) == 100 * len(_EVENT)

        until(lambda: 0 in app.ended, within_seconds=_SOON_S, what="the silent reader was let go")
        assert app.told[0] < _FAR_TOO_MANY
    assert "a reader of the stream is too slow" in [line["event"] for line in logs]
