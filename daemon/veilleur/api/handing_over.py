"""The ring at which a read of mentions is handed to another process, and its answer comes back as bytes.

Whoever hands over may be told None (nobody is there, all are busy, one was lost): then the read is made here.
"""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Final, Protocol

from msgspec import Struct
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from veilleur.api.kept_answers import NOTE, Note
from veilleur.api.writing import ConditionalAnswer

_PATHS: Final = frozenset({"/api/v1/mentions", "/api/v1/facets", "/api/v1/timeline"})
ADMITTED_BY: Final = b"authorization"
"""The one header that a read depends on; conditions are looked at where the answer is given."""


class HandedRead(Struct, frozen=True, array_like=True):
    """One read as it was asked for."""

    path: str
    query: bytes
    admitted_by: list[bytes]


class HandedAnswer(Struct, frozen=True, array_like=True):
    """Its answer; `may_be_kept` until something is committed or, where that is earlier, `token_until_at`."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    may_be_kept: bool
    token_until_at: datetime | None


class Elsewhere(Protocol):
    """Where reads are answered."""

    async def answer(self, read: HandedRead, *, at_once: int) -> HandedAnswer | None:
        """Answer a read, one of so many that are asked for at once; None: answer it yourself."""


class HandingOver:
    """ASGI middleware: lets reads of mentions be answered elsewhere, where that can be."""

    def __init__(self, app: ASGIApp, elsewhere: Elsewhere) -> None:
        self._app = app
        self._elsewhere = elsewhere
        self._at_once = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in _PATHS:
            await self._app(scope, receive, send)
            return
        self._at_once += 1
        try:
            handed = await self._elsewhere.answer(_read_of(scope), at_once=self._at_once)
            if handed is None:
                await self._app(scope, receive, send)
        finally:
            self._at_once -= 1
        # Whoever takes its answer slowly asks for nothing more.
        if handed is not None:
            await _given(handed, scope)(scope, receive, send)


def _read_of(scope: Scope) -> HandedRead:
    admitted_by = [value for name, value in scope["headers"] if name == ADMITTED_BY]
    return HandedRead(scope["path"], scope["query_string"], admitted_by)


def _given(handed: HandedAnswer, scope: Scope) -> Response:
    kind = ConditionalAnswer if handed.status == HTTPStatus.OK else Response
    answer = kind(handed.body, handed.status)
    answer.raw_headers += handed.headers
    note: Note | None = scope.get(NOTE)
    if note is not None and handed.may_be_kept:
        note.until_at, note.answer = handed.token_until_at, answer
    return answer
