"""Operations that run in one worker thread: what they do there, and what they may not."""

from __future__ import annotations

import threading
from collections.abc import Generator
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, Response

from tests.daemon.api.asking import Asker
from veilleur.api.one_thread import OneThreadRoute


async def _here() -> int:
    return threading.get_ident()


Here = Annotated[int, Depends(_here)]


async def _threads(admitted_in: Here) -> Response:
    return Response(f"{admitted_in} {threading.get_ident()}")


class _Later:
    """Waits once, as whatever the event loop must come back to."""

    def __await__(self) -> Generator[None, None, None]:
        yield


async def _waits() -> Response:
    await _Later()
    return Response("too late")


@pytest.fixture
def asker() -> Asker:
    app = FastAPI()
    router = APIRouter(route_class=OneThreadRoute)
    router.add_api_route("/threads", _threads)
    router.add_api_route("/waits", _waits)
    app.include_router(router)
    return Asker(app)


def test_an_operation_is_admitted_and_answered_in_one_worker_thread(asker: Asker) -> None:
    """Broken line: the handler awaited where it is; then both were the thread of the event loop."""
    admitted_in, answered_in = asker.ask("/threads").text.split()
    assert admitted_in == answered_in
    assert int(answered_in) != threading.get_ident()


def test_an_operation_that_waits_for_something_is_told_that_it_may_not(asker: Asker) -> None:
    with pytest.raises(RuntimeError, match="/waits waited for something"):
        asker.ask("/waits")
