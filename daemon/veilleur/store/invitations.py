"""Links by which people come to their password: good once, for a time, kept as a hash of their secret."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, select, update

from veilleur.model.errors import PersonRefused
from veilleur.model.people import Invitation, Role, Standing
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.people import insert_person, name_key
from veilleur.store.people_tables import invitations, memberships, people, web_sessions
from veilleur.store.secret_hash import secret_hash
from veilleur.wording import refusals

INVITATION_HOLDS: Final = timedelta(days=3)
_FIRST_STANDING: Final = Standing(Role.ADMIN, may_read_private=True)


def invite_first(database: Database, scope: Scope, *, now: datetime) -> str:
    """Return the secret of a link by which whoever opens it becomes the first administrator; earlier ones end."""
    with database.writing() as connection:
        connection.execute(delete(invitations).where(invitations.c.person_id.is_(None)))
        return _keep(connection, scope, None, now)


def invite_person(
    database: Database, scope: Scope, name: str, *, now: datetime, runs_server: bool = False
) -> str | None:
    """Return the secret of a link by which a person sets a password; None where the project has nobody so named.

    The password lets into all their projects: for somebody of several, only who runs the server may make a link;
    raises PersonRefused.
    """
    named = select(people.c.id).join(memberships, memberships.c.person_id == people.c.id)
    mine = (people.c.name_key == name_key(name)) & (memberships.c.project_id == scope.project)
    with database.writing() as connection:
        person_id = connection.execute(named.where(mine)).scalar_one_or_none()
        if person_id is None:
            return None
        theirs = select(memberships.c.project_id).where(memberships.c.person_id == person_id)
        if not runs_server and len(connection.execute(theirs).all()) > 1:
            raise PersonRefused(refusals.PERSON_ELSEWHERE)
        connection.execute(delete(invitations).where(invitations.c.person_id == person_id))
        return _keep(connection, scope, person_id, now)


def find_invitation(database: Database, secret: str, *, now: datetime) -> Invitation | None:
    """Return what a link makes of whoever opens it, None where it is unknown, used or too old."""
    with database.reading() as connection:
        row = _valid(connection, secret, now)
        if row is None:
            return None
        query = select(people.c.name, memberships).join(memberships, memberships.c.person_id == people.c.id)
        mine = (people.c.id == row.person_id) & (memberships.c.project_id == row.project_id)
        told = connection.execute(query.where(mine)).first()
    if told is None:
        return Invitation(project=row.project_id, standing=_FIRST_STANDING, name=None)
    standing = Standing(Role(told.role), told.may_read_private)
    return Invitation(project=row.project_id, standing=standing, name=told.name)


def accept_invitation(database: Database, secret: str, name: str, password_hash: str, *, now: datetime) -> int | None:
    """Set the password of a link's person, who is made under `name` where it is the first; return the person's id.

    The link ends, and so do the person's sessions. None where the link is not valid; raises PersonRefused.
    """
    with database.writing() as connection:
        row = _valid(connection, secret, now)
        if row is None:
            return None
        person_id = row.person_id
        if person_id is None:
            person_id = insert_person(connection, row.project_id, name, _FIRST_STANDING, now=now)
        connection.execute(update(people).where(people.c.id == person_id).values(password_hash=password_hash))
        connection.execute(delete(web_sessions).where(web_sessions.c.person_id == person_id))
        connection.execute(delete(invitations).where(invitations.c.id == row.id))
    return int(person_id)


def _keep(connection: Connection, scope: Scope, person_id: int | None, now: datetime) -> str:
    secret = secrets.token_urlsafe(24)
    values = {"project_id": scope.project, "person_id": person_id, "expires_at": to_ms(now + INVITATION_HOLDS)}
    connection.execute(invitations.insert().values(id=secret_hash(secret), **values))
    return secret


def _valid(connection: Connection, secret: str, now: datetime) -> Row[Any] | None:
    is_it = (invitations.c.id == secret_hash(secret)) & (invitations.c.expires_at > to_ms(now))
    return connection.execute(select(invitations).where(is_it)).first()
