"""Asks an ASGI application as a client would: one request, one answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.types import ASGIApp, Message

Parameters = dict[str, str | int]


@dataclass(slots=True)
class Asker:
    """A client of one application; `token` goes with every request."""

    app: ASGIApp
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", /, **parameters: str | int | None) -> httpx.Response:
        given: Parameters = {name: value for name, value in parameters.items() if value is not None}
        return asyncio.run(self._ask(method, path, given))

    def read(self, path: str, /, **parameters: str | int | None) -> Any:
        answer = self.ask(path, **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, path: str, body: object, method: str = "PUT") -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return asyncio.run(self._ask(method, path, {}, content))

    async def _ask(self, method: str, path: str, parameters: Parameters, body: bytes | None = None) -> httpx.Response:
        authorization = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        described = {} if body is None else {"Content-Type": "application/json"}
        given = authorization | described | self.headers
        headers = [(name.encode(), value.encode("latin-1")) for name, value in given.items()]
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://veilleur.test") as client:
            return await client.request(method, path, params=parameters or None, headers=headers, content=body)


def send_raw(
    app: ASGIApp, path: str, query: bytes, headers: list[tuple[bytes, bytes]], *, server: str = "127.0.0.1"
) -> tuple[int, bytes]:
    """Send what no client library would; return status and body."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("utf-8", "surrogatepass"),
        "query_string": query,
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": (server, 8787),
    }
    asyncio.run(_run(lambda: app(scope, receive, send)))
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return next(message["status"] for message in sent if message["type"] == "http.response.start"), body


async def _run(start: Callable[[], Any]) -> None:
    await start()
