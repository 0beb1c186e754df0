"""Who asks, and what they may read: bearer tokens, accepted as the password of HTTP Basic too."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from fastapi import Depends, Query, Request

from veilleur.api.context import Context, context_of
from veilleur.api.kept_answers import note_of
from veilleur.api.known_parameters import refuse_unknown_parameters
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.model.listing import Token
from veilleur.model.scope import DEFAULT_PROJECT, Scope, TokenScope
from veilleur.store.tokens import authenticate

_MAKE_ONE: Final = "Make one on the server with `veilleur token create NAME --scope read:mentions`"
_SEND_IT: Final = "send it as `Authorization: Bearer TOKEN`, or as the password of HTTP Basic with any user name"
_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="veilleur", Basic realm="veilleur", charset="UTF-8"'}


class _Scheme(StrEnum):
    BEARER = "bearer"
    BASIC = "basic"


_PublicOnly = Annotated[
    bool, Query(alias="public", description="Answer as if the token could not read what is private or of a group.")
]


def read_secret(authorization: str) -> str | None:
    """Return the token that an Authorization header carries, None where it carries none."""
    scheme, _, credentials = authorization.partition(" ")
    match scheme.lower():
        case _Scheme.BEARER:
            return credentials.strip() or None
        case _Scheme.BASIC:
            return _read_password(credentials.strip())
        case _:
            return None


def _admit(request: Request, context: Context) -> Token:
    secret = read_secret(request.headers.get("Authorization", ""))
    if secret is None:
        raise _unauthenticated(f"This needs a token. {_MAKE_ONE} and {_SEND_IT}.")
    token = authenticate(context.database, secret, now=context.clock())
    if token is None:
        raise _unauthenticated(f"This token is unknown, revoked or expired. {_MAKE_ONE}.")
    refuse_unknown_parameters(request)
    return token


async def _admit_here(request: Request) -> Token:
    token = _admit(request, context_of(request))
    if (note := note_of(request)) is not None:
        note.until_at = token.expires_at
    return token


async def _reader_scope_here(token: Annotated[Token, Depends(_admit_here)], is_public: _PublicOnly = False) -> Scope:
    return await _reader_scope(token, is_public)


async def _reader_scope(token: Annotated[Token, Depends(_admit)], is_public: _PublicOnly = False) -> Scope:
    _require(token, TokenScope.READ_MENTIONS)
    scope = _scope_of(token)
    return Scope(scope.project) if is_public else scope


async def _config_reader_scope(token: Annotated[Token, Depends(_admit)]) -> Scope:
    # A configuration names people's chats; who may write it may read it.
    if TokenScope.ADMIN not in token.scopes:
        _require(token, TokenScope.READ_MENTIONS)
        _require(token, TokenScope.READ_PRIVATE)
    return _scope_of(token)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, by the token's name, and what it may read."""

    scope: Scope
    name: str


@dataclass(frozen=True, slots=True)
class Visit:
    """Who stays for long, and what it may read; whether it still may is to be asked now and then."""

    scope: Scope
    name: str
    is_still_admitted: Callable[[], bool]


async def visit_of(
    request: Request,
    context: Context,
    token: Annotated[Token, Depends(_admit)],
    scope: Annotated[Scope, Depends(_reader_scope)],
) -> Visit:
    """Return who asked, to be asked about again."""
    secret = read_secret(request.headers.get("Authorization", "")) or ""

    def is_still_admitted() -> bool:
        return authenticate(context.database, secret, now=context.clock()) == token

    return Visit(scope, f"{token.project} {token.name}", is_still_admitted)


async def _named_reader(
    token: Annotated[Token, Depends(_admit)], scope: Annotated[Scope, Depends(_reader_scope)]
) -> Reader:
    return Reader(scope, token.name)


async def _admin_scope(token: Annotated[Token, Depends(_admit)]) -> Scope:
    _require(token, TokenScope.ADMIN)
    return _scope_of(token)


async def _server_scope(scope: Annotated[Scope, Depends(_admin_scope)]) -> Scope:
    if scope.project != DEFAULT_PROJECT:
        detail = (
            "This is of the whole server: it needs a token of the first project. Whoever runs it makes one on the "
            "server with `veilleur token create NAME --scope admin`."
        )
        raise Refusal(Problem(kind=ProblemKind.MISSING_SCOPE, detail=detail, missing_scope=TokenScope.ADMIN))
    return scope


@dataclass(frozen=True, slots=True)
class Writer:
    """Who decides something, by the token's name, and what it may read."""

    scope: Scope
    name: str


async def _admin(token: Annotated[Token, Depends(_admit)]) -> Writer:
    _require(token, TokenScope.ADMIN)
    return Writer(_scope_of(token), token.name)


async def _case_writer(token: Annotated[Token, Depends(_admit)]) -> Writer:
    _require(token, TokenScope.READ_MENTIONS)
    _require(token, TokenScope.WRITE_CASES)
    return Writer(_scope_of(token), token.name)


def _require(token: Token, scope: TokenScope) -> None:
    if scope not in token.scopes:
        detail = f"This token lacks the scope {scope}. {_MAKE_ONE.replace(TokenScope.READ_MENTIONS, scope)}."
        raise Refusal(Problem(kind=ProblemKind.MISSING_SCOPE, detail=detail, missing_scope=scope))


def _scope_of(token: Token) -> Scope:
    return Scope(token.project, may_read_private=TokenScope.READ_PRIVATE in token.scopes)


ReaderScope = Annotated[Scope, Depends(_reader_scope)]
ReaderScopeHere = Annotated[Scope, Depends(_reader_scope_here)]
"""The same, looked up in the thread that asks: for operations of a `OneThreadRoute` alone."""
NamedReader = Annotated[Reader, Depends(_named_reader)]
ConfigReaderScope = Annotated[Scope, Depends(_config_reader_scope)]
AdminScope = Annotated[Scope, Depends(_admin_scope)]
ServerScope = Annotated[Scope, Depends(_server_scope)]
"""An administrator of the first project: what all projects share is theirs to change."""
Admin = Annotated[Writer, Depends(_admin)]
CaseWriter = Annotated[Writer, Depends(_case_writer)]


def _unauthenticated(detail: str) -> Refusal:
    return Refusal(Problem(kind=ProblemKind.NOT_AUTHENTICATED, detail=detail), _CHALLENGE)


def _read_password(credentials: str) -> str | None:
    try:
        decoded = b64decode(credentials, validate=True)
    except ValueError:
        return None
    return decoded.partition(b":")[2].decode("utf-8", "replace") or None
