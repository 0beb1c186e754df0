"""An HTTP server that takes webhooks (and what an ntfy server takes) as a real one would, and fails as told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.servers.ports import free_port


class Fault(StrEnum):
    """What the server does instead of answering 200; the request was read in any case.

    `late`: it answers 200 once it may.
    """

    CUT = "cut"
    HANG = "hang"
    LATE = "late"
    DRIP = "drip"
    BROKEN = "500"
    AWAY = "503"
    BUSY = "429"
    MOVED = "302"


@dataclass(frozen=True)
class Came:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    fault: Fault | None = None

    @property
    def delivery_id(self) -> str:
        return self.headers["idempotency-key"]

    @property
    def is_repeat(self) -> bool:
        return self.headers["veilleur-repeat"] == "true"

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """Check the signature as the guide says, with nothing of ours."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return hmac.compare_digest(f"v1,{expected}", self.headers["webhook-signature"])


@dataclass
class Hook:
    """What came, and what goes wrong next: the first of `faults` is for the next request, `always` for all after."""

    port: int
    came: list[Came] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    always: Fault | None = None
    retry_after: str | None = None
    may_answer: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook/secret-path"

    def next_fault(self) -> Fault | None:
        return self.faults.popleft() if self.faults else self.always

    def wait_over(self) -> None:
        self._over.wait(60)

    def end(self) -> None:
        self._over.set()
        self.may_answer.set()


class _Handler(BaseHTTPRequestHandler):
    hook: Hook

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            # Its sender was killed in the midst of it: nothing came.
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        fault = self.hook.next_fault()
        self.hook.came.append(Came(self.path, headers, body, fault))
        match fault:
            case Fault.CUT:
                self.connection.shutdown(socket.SHUT_RDWR)
            case Fault.HANG:
                self.hook.wait_over()
            case Fault.DRIP:
                self._drip()
            case Fault.LATE:
                self.hook.may_answer.wait(60)
                self._answer(200)
            case _:
                self._answer(200 if fault is None else int(fault))

    def do_GET(self) -> None:
        self.hook.came.append(Came(self.path, {}, b""))
        self._answer(200)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
        """Say nothing."""

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if status == 302:
            self.send_header("Location", f"http://127.0.0.1:{self.hook.port}/elsewhere")
        if status in (429, 503) and self.hook.retry_after is not None:
            self.send_header("Retry-After", self.hook.retry_after)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def _drip(self) -> None:
        """Begin an answer without end, a byte now and then: no read ever times out."""
        pause = threading.Event()
        try:
            self.wfile.write(b"HTTP/1.1 ")
            for _ in range(600):
                self.wfile.write(b" ")
                self.wfile.flush()
                pause.wait(0.1)
        except OSError:
            return


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went."""


@contextmanager
def running_hook(port: int | None = None) -> Iterator[Hook]:
    """Serve while the block runs; a port may be given to come back where one was before."""
    handler = type("Handler", (_Handler,), {})
    with _Server(("127.0.0.1", port or free_port()), handler) as server:
        hook = Hook(server.server_port)
        handler.hook = hook  # type: ignore[attr-defined]  # made just above
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield hook
        finally:
            hook.end()
            server.shutdown()
            thread.join(10)
