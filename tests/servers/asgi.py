"""An ASGI application behind a real socket, as the daemon serves its own."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

from tests.waiting import until

_SOON_S = 60.0


@contextmanager
def running_app(app: ASGIApp, *, before_end: Callable[[], None] = lambda: None) -> Iterator[int]:
    """Serve on a free port while the block runs, and yield it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=2))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        until(lambda: server.started, within_seconds=_SOON_S, what="the server listens")
        try:
            yield listener.getsockname()[1]
        finally:
            before_end()
            server.should_exit = True
            thread.join(_SOON_S)
            assert not thread.is_alive()
