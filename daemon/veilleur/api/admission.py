"""Who asks, and what they may read: bearer tokens, accepted as the password of HTTP Basic too."""

from __future__ import annotations

from base64 import b64decode
from enum import StrEnum
from typing import Annotated, Final

from fastapi import Depends, Request

from veilleur.api.context import Context
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.model.listing import Token
from veilleur.model.scope import Scope, TokenScope
from veilleur.store.tokens import authenticate

_MAKE_ONE: Final = "Make one on the server with `veilleur token create NAME --scope read:mentions`"
_SEND_IT: Final = "send it as `Authorization: Bearer TOKEN`, or as the password of HTTP Basic with any user name"
_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="veilleur", Basic realm="veilleur", charset="UTF-8"'}


class _Scheme(StrEnum):
    BEARER = "bearer"
    BASIC = "basic"


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
    return token


async def _reader_scope(token: Annotated[Token, Depends(_admit)]) -> Scope:
    _require(token, TokenScope.READ_MENTIONS)
    return _scope_of(token)


async def _config_reader_scope(token: Annotated[Token, Depends(_admit)]) -> Scope:
    # A configuration names people's chats; who may write it may read it.
    if TokenScope.ADMIN not in token.scopes:
        _require(token, TokenScope.READ_MENTIONS)
        _require(token, TokenScope.READ_PRIVATE)
    return _scope_of(token)


async def _admin_scope(token: Annotated[Token, Depends(_admit)]) -> Scope:
    _require(token, TokenScope.ADMIN)
    return _scope_of(token)


def _require(token: Token, scope: TokenScope) -> None:
    if scope not in token.scopes:
        detail = f"This token lacks the scope {scope}. {_MAKE_ONE.replace(TokenScope.READ_MENTIONS, scope)}."
        raise Refusal(Problem(kind=ProblemKind.MISSING_SCOPE, detail=detail, missing_scope=scope))


def _scope_of(token: Token) -> Scope:
    return Scope(token.project, may_read_private=TokenScope.READ_PRIVATE in token.scopes)


ReaderScope = Annotated[Scope, Depends(_reader_scope)]
ConfigReaderScope = Annotated[Scope, Depends(_config_reader_scope)]
AdminScope = Annotated[Scope, Depends(_admin_scope)]


def _unauthenticated(detail: str) -> Refusal:
    return Refusal(Problem(kind=ProblemKind.NOT_AUTHENTICATED, detail=detail), _CHALLENGE)


def _read_password(credentials: str) -> str | None:
    try:
        decoded = b64decode(credentials, validate=True)
    except ValueError:
        return None
    return decoded.partition(b":")[2].decode("utf-8", "replace") or None
