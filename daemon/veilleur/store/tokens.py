"""Bearer tokens: shown once, kept as a SHA-256 (they are 256 random bits: a slow hash would add nothing)."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from hmac import compare_digest
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, select, update

from veilleur.model.errors import NameTaken
from veilleur.model.listing import Token
from veilleur.model.scope import Scope, TokenScope
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.secret_hash import secret_hash
from veilleur.store.tables import tokens

_PREFIX: Final = "veil_"
_OF_SECRET: Final = select(tokens).where(tokens.c.secret_hash == bindparam("digest"))


def create_token(  # noqa: PLR0913 - a token is made of these
    database: Database,
    scope: Scope,
    name: str,
    scopes: Collection[TokenScope],
    *,
    now: datetime,
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """Make a token of the scope's project; return it and its secret, which is kept nowhere.

    What somebody said and has seen is kept under the token's name: raises NameTaken where a valid token has it.
    """
    secret = _PREFIX + secrets.token_urlsafe(32)
    token = Token(
        id=secrets.token_hex(4),
        name=name,
        project=scope.project,
        scopes=tuple(sorted(scopes)),
        created_at=now,
        expires_at=expires_at,
        revoked_at=None,
    )
    values = {
        "id": token.id,
        "project_id": token.project,
        "name": name,
        "secret_hash": secret_hash(secret),
        "scopes": " ".join(token.scopes),
        "created_at": to_ms(now),
        "expires_at": None if expires_at is None else to_ms(expires_at),
    }
    with database.writing() as connection:
        _free_name(connection, scope, name, now)
        connection.execute(tokens.insert().values(values))
    return token, secret


def list_tokens(database: Database, scope: Scope) -> tuple[Token, ...]:
    """Return the project's tokens, the oldest first, revoked ones included."""
    query = select(tokens).where(tokens.c.project_id == scope.project).order_by(tokens.c.created_at, tokens.c.id)
    with database.reading() as connection:
        return tuple(_token(row) for row in connection.execute(query))


def has_tokens(database: Database) -> bool:
    """Return whether any token was ever made."""
    with database.reading() as connection:
        return bool(connection.execute(select(func.count()).select_from(tokens)).scalar_one())


def revoke_token(database: Database, scope: Scope, token_id: str, *, now: datetime) -> bool:
    """Revoke a token at once; False where the project has none of that id that is still valid."""
    mine = (tokens.c.project_id == scope.project) & (tokens.c.id == token_id) & tokens.c.revoked_at.is_(None)
    with database.writing() as connection:
        return connection.execute(update(tokens).where(mine).values(revoked_at=to_ms(now))).rowcount == 1


def authenticate(database: Database, secret: str, *, now: datetime) -> Token | None:
    """Return the valid token with this secret, None where there is none, or it is revoked or expired."""
    digest = secret_hash(secret)
    with database.reading() as connection:
        row = connection.execute(_OF_SECRET, {"digest": digest}).first()
    if row is None or not compare_digest(bytes(row.secret_hash), digest):
        return None
    token = _token(row)
    has_expired = token.expires_at is not None and token.expires_at <= now
    return None if token.revoked_at is not None or has_expired else token


def _free_name(connection: Connection, scope: Scope, name: str, now: datetime) -> None:
    """Let an expired token's name go to another; raises NameTaken for a valid one's."""
    has_name = (tokens.c.project_id == scope.project) & (tokens.c.name == name) & tokens.c.revoked_at.is_(None)
    expired = update(tokens).where(has_name & (tokens.c.expires_at <= to_ms(now)))
    connection.execute(expired.values(revoked_at=tokens.c.expires_at))
    if connection.execute(select(tokens.c.id).where(has_name)).first() is not None:
        raise NameTaken(
            f"another token is named {name}: give this one another name, or revoke that one first "
            "(`veilleur token list` shows its id, `veilleur token revoke ID` revokes it)"
        )


def _token(row: Row[Any]) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        project=row.project_id,
        scopes=tuple(TokenScope(scope) for scope in row.scopes.split(" ") if scope),
        created_at=from_ms(row.created_at),
        expires_at=from_ms(row.expires_at),
        revoked_at=from_ms(row.revoked_at),
    )
