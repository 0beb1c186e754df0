"""The ring inside of which answers are made: the same question of an unchanged store is answered from memory.

What is kept holds for one committed state of the database, in which every right, erasure and project stands as well; a
question about times is not kept, for its meaning moves with the clock. See docs/decisions/0030.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from threading import Lock
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_PATHS: Final = frozenset({"/api/v1/mentions"})
_MOST_BYTES: Final = 8 * 1024 * 1024
_KEPT_FOR_S: Final = 5.0
NOTE: Final = "veilleur.kept_answer"
"""Where in a request's scope its `Note` is."""

State = Callable[[], Hashable | None]
"""Gives what tells one committed state of the store from the next; None where that cannot be told."""


@dataclass(slots=True)
class Note:
    """What is known of a request that might be answered again: the store's state before any of it was read."""

    state: Hashable
    until_at: datetime | None = None
    """When its token expires."""
    answer: Response | None = None


def note_of(request: Request) -> Note | None:
    """Return the note of a request, None where its answer is not to be kept."""
    note: Note | None = request.scope.get(NOTE)
    return note


def keep_answer(request: Request, answer: Response) -> None:
    """Let an answer be given again to whoever asks the same with the same token, while nothing is committed."""
    if (note := note_of(request)) is not None:
        note.answer = answer


class KeptAnswers:
    """ASGI middleware: gives an answer again, without a thread and without reading, where it still holds."""

    def __init__(
        self,
        app: ASGIApp,
        state: State,
        clock: Callable[[], datetime],
        *,
        kept_for_s: float = _KEPT_FOR_S,
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        self._app = app
        self._state = state
        self._clock = clock
        self._memory = _Memory(kept_for_s, most_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_asked = scope["type"] == "http" and scope["method"] == "GET" and scope["path"] in _PATHS
        state = self._state() if is_asked else None
        if state is None:
            await self._app(scope, receive, send)
            return
        key = _key(scope)
        kept = self._memory.find(key, state, self._clock())
        if kept is not None:
            await kept(scope, receive, send)
            return
        scope[NOTE] = note = Note(state)
        await self._app(scope, receive, send)
        self._memory.keep(key, note)


def _key(scope: Scope) -> bytes:
    """Return what makes two requests the same: the question and the token, which is not to be read from it."""
    said = [value for name, value in scope["headers"] if name == b"authorization"]
    return sha256(b"\n".join((scope["path"].encode(), scope["query_string"], *said))).digest()


@dataclass(slots=True)
class _Memory:
    """Answers of one state of the store, of a few seconds and a few MiB: what is erased is soon nowhere."""

    _kept_for_s: float
    _most_bytes: int
    _notes: OrderedDict[bytes, Note] = field(default_factory=OrderedDict)
    _state: Hashable = None
    _size: int = 0
    _ending: tuple[asyncio.AbstractEventLoop, asyncio.TimerHandle] | None = None
    _lock: Lock = field(default_factory=Lock)

    def find(self, key: bytes, state: Hashable, now: datetime) -> Response | None:
        """Return the answer that holds in this state; forget those of others."""
        with self._lock:
            if state != self._state:
                self._forget()
                self._state = state
            note = self._notes.get(key)
            has_expired = note is not None and note.until_at is not None and note.until_at <= now
            return None if note is None or has_expired else note.answer

    def keep(self, key: bytes, note: Note) -> None:
        """Keep an answer, unless the store went on since it was asked for."""
        if note.answer is None:
            return
        with self._lock:
            if note.state != self._state or key in self._notes:
                return
            self._notes[key] = note
            self._size += len(note.answer.body)
            while self._size > self._most_bytes:
                _, oldest = self._notes.popitem(last=False)
                self._size -= len(oldest.answer.body) if oldest.answer else 0
            self._end_in_time()

    def _end_in_time(self) -> None:
        loop = asyncio.get_running_loop()
        if self._ending is None or self._ending[0] is not loop:
            self._ending = loop, loop.call_later(self._kept_for_s, self._end)

    def _end(self) -> None:
        with self._lock:
            self._ending = None
            self._forget()

    def _forget(self) -> None:
        self._notes.clear()
        self._size = 0
