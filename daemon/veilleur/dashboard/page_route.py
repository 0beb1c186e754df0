"""How a page fails: as a page, in the visitor's language, that says what to do next."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from veilleur.dashboard.context import PageContext
from veilleur.dashboard.forms import ForeignForm
from veilleur.dashboard.rendering import PAGE_HEADERS
from veilleur.dashboard.visitor import Visitor
from veilleur.dashboard.visits import NotAllowed, ServerRoleNeeded, SignInNeeded, stranger, visitor_of
from veilleur.model.errors import QueryTooCostly, StoreBusy, StoreError

SIGN_IN_PATH: Final = "/sign-in"
PART_HEADER: Final = "HX-Request"


class NothingHere(Exception):
    """What was asked for does not exist, or not for this visitor."""


_STATUSES: Final[dict[type[Exception], HTTPStatus]] = {
    NothingHere: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    ServerRoleNeeded: HTTPStatus.FORBIDDEN,
    ForeignForm: HTTPStatus.FORBIDDEN,
    QueryTooCostly: HTTPStatus.UNPROCESSABLE_ENTITY,
    StoreBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
}
_EXPECTED: Final = tuple(_STATUSES)


class PageRoute(APIRoute):
    """A route whose expected errors are pages, and which leads to the sign-in where somebody must sign in."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with what it may raise answered."""
        answer = super().get_route_handler()

        async def answer_as_page(request: Request) -> Response:
            try:
                return await answer(request)
            except SignInNeeded:
                return _to_sign_in(request)
            except _EXPECTED as error:
                return await run_in_threadpool(_failure, request, error)

        return answer_as_page


def _to_sign_in(request: Request) -> Response:
    if PART_HEADER in request.headers:
        # A part of a page that was signed in when it was loaded: the whole page must go there.
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": SIGN_IN_PATH})
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    target = SIGN_IN_PATH if asked == "/" or request.method != "GET" else f"{SIGN_IN_PATH}?next={quote(asked, safe='')}"
    return Response(status_code=HTTPStatus.SEE_OTHER, headers=PAGE_HEADERS | {"Location": target})


def _failure(request: Request, error: Exception) -> Response:
    pages: PageContext = request.app.state.pages
    status = next(status for kind, status in _STATUSES.items() if isinstance(error, kind))
    reason = next(kind.__name__ for kind in _STATUSES if isinstance(error, kind))
    return pages.show("failure.html", _visitor(request, pages), status=status, reason=reason, missing=str(error))


def _visitor(request: Request, pages: PageContext) -> Visitor:
    """Return who asks, as far as that can be told while the database does not answer."""
    try:
        return visitor_of(request, pages)
    except StoreError:
        return stranger(request)
