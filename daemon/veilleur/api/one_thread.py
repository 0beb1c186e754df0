"""An operation that is admitted, read and answered in one worker thread: to change threads takes a request time."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

IS_ALONE: Final = "veilleur.is_alone"
"""Stands in the scope of a request that nothing else waits for: it is answered in the thread that brings it."""


class OneThreadRoute(APIRoute):
    """A route whose operation and dependencies are `async def` without anything to wait for, and take no body.

    They may work for as long as they like: the event loop goes on meanwhile.
    """

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def in_one_thread(request: Request) -> Response:
            if IS_ALONE in request.scope:
                return _run(handle, request)
            return await run_in_threadpool(_run, handle, request)

        return in_one_thread


def _run(handle: Handler, request: Request) -> Response:
    """Return what a handler that never waits answers with."""
    working = handle(request)
    try:
        working.send(None)
    except StopIteration as done:
        answer: Response = done.value
        return answer
    working.close()
    message = f"{request.url.path} waited for something: its route takes none that do"
    raise RuntimeError(message)
