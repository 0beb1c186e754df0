"""Browsers that are signed in: a cookie of 256 random bits, kept as its hash, looked up at every request."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, select, update

from veilleur.model.people import ProjectName, Role, SignedIn, Standing
from veilleur.model.scope import DEFAULT_PROJECT, TokenScope
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.people_tables import memberships, people, web_sessions
from veilleur.store.secret_hash import secret_hash
from veilleur.store.tables import projects, tokens

SESSION_HOLDS: Final = timedelta(days=30)


def begin_person_session(database: Database, person_id: int, *, now: datetime) -> str | None:
    """Sign a person's browser in and return its cookie; None where the person belongs to no project any more."""
    theirs = select(memberships.c.project_id).where(memberships.c.person_id == person_id)
    with database.writing() as connection:
        project = connection.execute(theirs.order_by(memberships.c.project_id)).scalars().first()
        return None if project is None else _begin(connection, {"project_id": project, "person_id": person_id}, now)


def begin_token_session(database: Database, token_id: str, project: str, *, now: datetime) -> str:
    """Sign the browser of whoever holds a token in, for as long as the token is valid; return its cookie."""
    with database.writing() as connection:
        return _begin(connection, {"project_id": project, "token_id": token_id}, now)


def read_session(database: Database, cookie: str, *, now: datetime) -> SignedIn | None:
    """Return who is signed in, with what they may do now; None where the cookie is good for nothing."""
    is_it = (web_sessions.c.id == secret_hash(cookie)) & (web_sessions.c.expires_at > to_ms(now))
    with database.reading() as connection:
        row = connection.execute(select(web_sessions).where(is_it)).first()
        if row is None:
            return None
        return _person(connection, row) if row.token_id is None else _holder(connection, row, now)


def switch_project(database: Database, cookie: str, project: str) -> bool:
    """Have a person's browser look at another project of theirs; False where it is none of theirs."""
    whose = select(web_sessions.c.person_id).where(web_sessions.c.id == secret_hash(cookie)).scalar_subquery()
    theirs = select(memberships.c.project_id).where(
        memberships.c.person_id == whose, memberships.c.project_id == project
    )
    own = (web_sessions.c.id == secret_hash(cookie)) & theirs.exists()
    with database.writing() as connection:
        return connection.execute(update(web_sessions).where(own).values(project_id=project)).rowcount == 1


def end_session(database: Database, cookie: str) -> None:
    """Sign a browser out."""
    with database.writing() as connection:
        connection.execute(delete(web_sessions).where(web_sessions.c.id == secret_hash(cookie)))


def _begin(connection: Connection, whose: dict[str, Any], now: datetime) -> str:
    connection.execute(delete(web_sessions).where(web_sessions.c.expires_at <= to_ms(now)))
    cookie = secrets.token_urlsafe(32)
    values = {"id": secret_hash(cookie), "expires_at": to_ms(now + SESSION_HOLDS)} | whose
    connection.execute(web_sessions.insert().values(values))
    return cookie


def _person(connection: Connection, session: Row[Any]) -> SignedIn | None:
    told = (memberships.c.role, memberships.c.may_read_private, people.c.name)
    query = (
        select(*told, projects.c.id.label("project"), projects.c.name.label("project_name"))
        .join(people, people.c.id == memberships.c.person_id)
        .join(projects, projects.c.id == memberships.c.project_id)
        .where(people.c.id == session.person_id)
    )
    rows = {row.project: row for row in connection.execute(query)}
    if (row := rows.get(session.project_id)) is None:
        return None
    standing = Standing(Role(row.role), row.may_read_private)
    runs_server = DEFAULT_PROJECT in rows and rows[DEFAULT_PROJECT].role == Role.ADMIN.value
    return SignedIn(
        name=row.name,
        project=session.project_id,
        scopes=standing.scopes,
        role=standing.role,
        projects=tuple(sorted(ProjectName(one.project_name, one.project) for one in rows.values())),
        runs_server=runs_server,
    )


def _holder(connection: Connection, session: Row[Any], now: datetime) -> SignedIn | None:
    is_over = tokens.c.revoked_at.is_not(None) | (tokens.c.expires_at <= to_ms(now))
    query = select(tokens.c.name, tokens.c.scopes, is_over.label("is_over"), projects.c.name.label("project_name"))
    held = query.join(projects, projects.c.id == tokens.c.project_id).where(tokens.c.id == session.token_id)
    row = connection.execute(held).first()
    if row is None or row.is_over:
        return None
    scopes = frozenset(TokenScope(scope) for scope in row.scopes.split(" ") if scope)
    return SignedIn(
        name=row.name,
        project=session.project_id,
        scopes=scopes,
        role=None,
        projects=(ProjectName(row.project_name, session.project_id),),
        runs_server=session.project_id == DEFAULT_PROJECT and TokenScope.ADMIN in scopes,
    )
