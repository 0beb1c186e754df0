"""Settings: tokens for programs, shown once when they are made, revoked after a question."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Response
from starlette.responses import RedirectResponse

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.forms import MemberForm
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.errors import NameTaken
from veilleur.model.scope import TokenScope
from veilleur.store.tokens import create_token, list_tokens, revoke_token

_PATH: Final = "/settings/tokens"
_LONGEST_NAME: Final = 64
_GIVEN: Final = (TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE, TokenScope.WRITE_CASES, TokenScope.ADMIN)
_DAYS: Final = (30, 90, 365)

TokenKey = Annotated[str, Path(pattern="^[0-9a-f]{8}$")]


def tokens_router() -> APIRouter:
    """Return the routes of tokens."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(_PATH, show_tokens, methods=["GET", "HEAD"])
    router.add_api_route(_PATH, make_token, methods=["POST"])
    router.add_api_route(_PATH + "/{token_id}/revocation", revoke, methods=["POST"])
    return router


def show_tokens(pages: Pages, member: SignedInMember) -> Response:
    """Answer with the project's tokens and the form that makes one."""
    member.require(TokenScope.ADMIN)
    return _tokens(pages, member)


def make_token(pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Make a token and show its secret this once."""
    member.require(TokenScope.ADMIN)
    name = fields.get("name", "").strip()
    scopes = [scope for scope in _GIVEN if scope.value in fields]
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable() or not scopes:
        return _tokens(pages, member, is_refused=True, name=name)
    now, days = pages.clock(), fields.get("days", "")
    expires_at = now + timedelta(days=int(days)) if days in map(str, _DAYS) else None
    try:
        _, secret = create_token(pages.database, member.person.scope, name, scopes, now=now, expires_at=expires_at)
    except NameTaken:
        return _tokens(pages, member, is_taken=True, name=name)
    return _tokens(pages, member, secret=secret, name=name)


def revoke(pages: Pages, member: SignedInMember, token_id: TokenKey, _fields: MemberForm) -> Response:
    """Revoke a token at once."""
    member.require(TokenScope.ADMIN)
    if not revoke_token(pages.database, member.person.scope, token_id, now=pages.clock()):
        raise NothingHere
    return RedirectResponse(_PATH, HTTPStatus.SEE_OTHER)


def _tokens(pages: PageContext, member: Member, **shown: Any) -> Response:  # noqa: ANN401 - for the template
    usual: dict[str, Any] = {"is_refused": False, "is_taken": False, "secret": None, "name": ""}
    return pages.show(
        "tokens.html",
        member.visitor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if {"is_refused", "is_taken"} & shown.keys() else HTTPStatus.OK,
        tokens=list_tokens(pages.database, member.person.scope),
        scopes=_GIVEN,
        days=_DAYS,
        longest_name=_LONGEST_NAME,
        **(usual | shown),
    )
