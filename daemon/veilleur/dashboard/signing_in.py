"""Signing in by a password or a token, by the link that a person was given, and signing out."""

from __future__ import annotations

from http import HTTPStatus
from math import ceil
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.forms import MemberForm, VisitorForm
from veilleur.dashboard.page_route import SIGN_IN_PATH, PageRoute
from veilleur.dashboard.visits import SESSION_COOKIE, AnyVisitor, keep_cookie
from veilleur.model.errors import PersonRefused
from veilleur.model.people import LONGEST_PASSWORD, SHORTEST_PASSWORD
from veilleur.store.invitations import accept_invitation, find_invitation
from veilleur.store.passwords import hash_password
from veilleur.store.people import has_people, name_key, person_with
from veilleur.store.tokens import authenticate
from veilleur.store.web_sessions import begin_person_session, begin_token_session, end_session

_HOME: Final = "/"
_S_A_MINUTE: Final = 60

NextPath = Annotated[str, Query(alias="next")]


def sign_in_router() -> APIRouter:
    """Return the routes of signing in and out."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(SIGN_IN_PATH, show_sign_in, methods=["GET", "HEAD"])
    router.add_api_route(SIGN_IN_PATH, sign_in, methods=["POST"])
    router.add_api_route("/sign-out", sign_out, methods=["POST"])
    router.add_api_route("/welcome/{secret}", show_welcome, methods=["GET"])
    router.add_api_route("/welcome/{secret}", welcome, methods=["POST"])
    return router


def show_sign_in(pages: Pages, visitor: AnyVisitor, next_path: NextPath = _HOME) -> Response:
    """Answer with the form, or lead on who is signed in already."""
    if visitor.signed_in is not None:
        return RedirectResponse(own_path(next_path), HTTPStatus.SEE_OTHER)
    return _form(pages, visitor, next_path=own_path(next_path))


def sign_in(request: Request, pages: Pages, visitor: AnyVisitor, fields: VisitorForm) -> Response:
    """Sign a browser in, or say what is wrong; after a few failures the next attempt must wait."""
    name, secret, next_path = fields.get("name", ""), fields.get("password", ""), own_path(fields.get("next", _HOME))
    address = "" if request.client is None else request.client.host
    shown = {"name": name, "next_path": next_path}
    wait_s = pages.failures.wait_s(name_key(name), address)
    if wait_s > 0:
        minutes = ceil(wait_s / _S_A_MINUTE)
        status = HTTPStatus.TOO_MANY_REQUESTS
        return _form(pages, visitor, status=status, wait_minutes=minutes, **shown)
    cookie = _begin(pages, name, secret)
    if cookie is None:
        pages.failures.note(name_key(name), address)
        return _form(pages, visitor, status=HTTPStatus.UNAUTHORIZED, is_wrong=True, **shown)
    answer = RedirectResponse(next_path, HTTPStatus.SEE_OTHER)
    keep_cookie(request, answer, SESSION_COOKIE, cookie)
    return answer


def sign_out(request: Request, pages: Pages, _fields: MemberForm) -> Response:
    """End this browser's session."""
    end_session(pages.database, request.cookies.get(SESSION_COOKIE, ""))
    answer = RedirectResponse(SIGN_IN_PATH, HTTPStatus.SEE_OTHER)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


def show_welcome(pages: Pages, visitor: AnyVisitor, secret: str) -> Response:
    """Answer a link with the form by which its person chooses a password."""
    return _welcome(pages, visitor, secret)


def welcome(request: Request, pages: Pages, visitor: AnyVisitor, secret: str, fields: VisitorForm) -> Response:
    """Take the password, sign the person in and end the link; or say what is wrong."""
    name, password = fields.get("name", ""), fields.get("password", "")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return _welcome(pages, visitor, secret, name=name, is_short=True)
    now = pages.clock()
    if find_invitation(pages.database, secret, now=now) is None:
        return _welcome(pages, visitor, secret)
    try:
        person_id = accept_invitation(pages.database, secret, name, hash_password(password), now=now)
    except PersonRefused:
        return _welcome(pages, visitor, secret, name=name, is_name_refused=True)
    cookie = None if person_id is None else begin_person_session(pages.database, person_id, now=now)
    if cookie is None:
        return _welcome(pages, visitor, secret)
    answer = RedirectResponse(_HOME, HTTPStatus.SEE_OTHER)
    keep_cookie(request, answer, SESSION_COOKIE, cookie)
    return answer


def own_path(asked: str) -> str:
    """Return a path of this site to go to; anything else leads home."""
    is_ours = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    return asked if is_ours else _HOME


def _begin(pages: PageContext, name: str, secret: str) -> str | None:
    """Return the cookie of a new session: a name and its password, or a token with no name."""
    now = pages.clock()
    if name.strip():
        person_id = person_with(pages.database, name, secret[:LONGEST_PASSWORD])
        return None if person_id is None else begin_person_session(pages.database, person_id, now=now)
    token = authenticate(pages.database, secret.strip(), now=now)
    return None if token is None else begin_token_session(pages.database, token.id, token.project, now=now)


def _form(pages: PageContext, visitor: AnyVisitor, *, status: int = HTTPStatus.OK, **shown: Any) -> Response:  # noqa: ANN401 - for the template
    usual: dict[str, Any] = {"name": "", "is_wrong": False, "wait_minutes": 0, "next_path": _HOME}
    state = {"readiness": pages.readiness(), "has_people": has_people(pages.database)}
    return pages.show("sign_in.html", visitor, status=status, **(usual | state | shown))


def _welcome(  # noqa: PLR0913 - a link, and what was wrong with what was sent
    pages: PageContext,
    visitor: AnyVisitor,
    secret: str,
    *,
    name: str = "",
    is_short: bool = False,
    is_name_refused: bool = False,
) -> Response:
    invitation = find_invitation(pages.database, secret, now=pages.clock())
    is_refused = invitation is None or is_short or is_name_refused
    status = HTTPStatus.NOT_FOUND if invitation is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return pages.show(
        "welcome.html",
        visitor,
        status=status if is_refused else HTTPStatus.OK,
        invitation=invitation,
        name=name,
        is_short=is_short,
        is_name_refused=is_name_refused,
        shortest=SHORTEST_PASSWORD,
    )
