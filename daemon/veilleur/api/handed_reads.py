"""The other side of `handing_over`: what answers handed reads, in a process of its own and one at a time."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI
from starlette.types import Message, Scope

from veilleur.api.boundary import HttpBoundary
from veilleur.api.context import ApiContext
from veilleur.api.counts import count_router
from veilleur.api.handing_over import ADMITTED_BY, HandedAnswer, HandedRead
from veilleur.api.kept_answers import NOTE, Note
from veilleur.api.mentions import mention_router
from veilleur.api.one_thread import IS_ALONE
from veilleur.api.problems import answer_with_problems

_MADE_WHERE_IT_IS_GIVEN: Final = frozenset({b"content-length", b"etag"})


class HandedReads:
    """Answers reads of mentions as the whole API would, with the same checks of who asks."""

    def __init__(self, context: ApiContext) -> None:
        app = FastAPI(openapi_url=None)
        app.state.context = context
        answer_with_problems(app)
        for router in (mention_router(), count_router()):
            app.include_router(router, prefix="/api/v1")
        self._app = HttpBoundary(app)

    async def answer(self, read: HandedRead) -> HandedAnswer:
        """Return what is answered to a read."""
        note = Note(None)
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        await self._app(_scope_of(read, note), receive, send)
        start, *parts = sent
        headers = [one for one in start["headers"] if one[0] not in _MADE_WHERE_IT_IS_GIVEN]
        body = b"".join(part.get("body", b"") for part in parts)
        return HandedAnswer(start["status"], headers, body, note.answer is not None, note.until_at)


def _scope_of(read: HandedRead, note: Note) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": read.path,
        "raw_path": read.path.encode(),
        "query_string": read.query,
        "root_path": "",
        "headers": [(ADMITTED_BY, value) for value in read.admitted_by],
        "client": None,
        "server": None,
        NOTE: note,
        IS_ALONE: True,
    }
