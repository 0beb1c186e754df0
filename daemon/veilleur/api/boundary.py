"""The outermost ring of the HTTP edge: no failure gets past it untold, and every answer carries safe headers."""

from __future__ import annotations

from pathlib import PurePath
from traceback import extract_tb
from typing import Final

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from veilleur.api.problems import Problem, ProblemKind, problem_answer

_SAFE_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_log = structlog.get_logger(__name__)


class HttpBoundary:
    """ASGI middleware: a failure becomes a problem detail, its kind and place are logged, never what it held."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def send_safely(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                _add_safe_headers(message)
            await send(message)

        try:
            await self._app(scope, receive, send_safely)
        except Exception as error:
            _log.error("request failed", error=type(error).__name__, place=_place(error))
            if not has_begun:
                await _failure()(scope, receive, send_safely)


def _add_safe_headers(message: Message) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in _SAFE_HEADERS.items():
        headers.setdefault(name, value)


def _failure() -> ASGIApp:
    detail = "Something failed that should not: the daemon's log names it. The same request may succeed later."
    return problem_answer(Problem(kind=ProblemKind.INTERNAL_ERROR, detail=detail))


def _place(error: Exception) -> str:
    frame = extract_tb(error.__traceback__)[-1]
    return f"{PurePath(frame.filename).name}:{frame.lineno}"
