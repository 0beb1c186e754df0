"""A web server of the tests' own on loopback: serves what it is given, slowly or without end where it is told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast


@dataclass(frozen=True)
class Answer:
    """One answer; `drips` sends the first half and then nothing, `trickles` sends slowly, `is_endless` repeats."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = None
    drips: bool = False
    trickles: bool = False
    is_endless: bool = False
    promised_bytes: int | None = None


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]


class FeedServer:
    """Paths and what they answer; `asked` are the requests so far."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._server = _Server(self)

    def url(self, path: str = "/feed") -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def running_feed_server() -> Iterator[FeedServer]:
    """Serve until the block ends."""
    server = FeedServer()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, owner: FeedServer) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that leaves early is what is tried."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        owner = cast("_Server", self.server).owner
        owner.asked.append(Asked(self.path, dict(self.headers)))
        answer = owner.answers.get(self.path, Answer(status=404))
        if answer.etag is not None and self.headers.get("If-None-Match") == answer.etag:
            answer = Answer(status=304)
        self._send(answer, owner)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Keep the test's output clean."""

    def _send(self, answer: Answer, owner: FeedServer) -> None:
        self.send_response(answer.status)
        length = len(answer.body) if answer.promised_bytes is None else answer.promised_bytes
        headers = {"Content-Type": "application/atom+xml", **answer.headers}
        if answer.etag is not None:
            headers["ETag"] = answer.etag
        if not answer.is_endless:
            headers["Content-Length"] = str(length)
        headers["Connection"] = "close"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if answer.drips:
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self.wfile.flush()
            owner.closing.wait(30)
            return
        if answer.trickles:
            for at in range(len(answer.body)):
                self.wfile.write(answer.body[at : at + 1])
                owner.closing.wait(0.1)
            return
        self.wfile.write(answer.body)
        while answer.is_endless and not owner.closing.is_set():
            self.wfile.write(answer.body)
