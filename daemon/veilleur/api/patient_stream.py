"""An answer without end that waits for nobody: whoever takes nothing for a while is let go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

import structlog
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

PATIENCE_S: Final = 30.0

log = structlog.get_logger()


class PatientStream(StreamingResponse):
    """Ends where its reader takes nothing for `patience_s`: what it does not take is kept in the store, not here.

    `ended` is called once, however it ends.
    """

    def __init__(
        self,
        events: AsyncIterator[str],
        headers: Mapping[str, str],
        *,
        ended: Callable[[], None],
        patience_s: float = PATIENCE_S,
    ) -> None:
        super().__init__(events, media_type="text/event-stream", headers=headers)
        self._ended = ended
        self._patience_s = patience_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()

    async def stream_response(self, send: Send) -> None:
        """Send each event as it comes."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for chunk in self.body_iterator:
            body = chunk.encode() if isinstance(chunk, str) else bytes(chunk)
            try:
                async with asyncio.timeout(self._patience_s):
                    await send({"type": "http.response.body", "body": body, "more_body": True})
            except TimeoutError:
                log.warning("a reader of the stream is too slow")
                return
        await send({"type": "http.response.body", "body": b"", "more_body": False})
