"""People and what they are in a project."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, select, update

from veilleur.model.errors import PersonRefused
from veilleur.model.people import LONGEST_NAME, Person, Role, Standing
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.passwords import is_password
from veilleur.store.people_tables import invitations, memberships, people, web_sessions
from veilleur.wording import refusals

_COLUMNS: Final = (people, memberships.c.project_id, memberships.c.role, memberships.c.may_read_private)
_JOINED: Final = people.join(memberships, memberships.c.person_id == people.c.id)


def has_people(database: Database) -> bool:
    """Return whether anybody can sign in by a password."""
    with database.reading() as connection:
        return connection.execute(select(people.c.id).where(people.c.password_hash.is_not(None))).first() is not None


def list_people(database: Database, scope: Scope) -> tuple[Person, ...]:
    """Return the project's people by name."""
    query = _of_project(scope.project).order_by(people.c.name_key)
    with database.reading() as connection:
        return tuple(_person(row) for row in connection.execute(query))


def add_person(database: Database, scope: Scope, name: str, standing: Standing, *, now: datetime) -> Person:
    """Add a person, who cannot sign in before a password is set; raises PersonRefused for a name that cannot be."""
    with database.writing() as connection:
        insert_person(connection, scope.project, name, standing, now=now)
        return _person(connection.execute(_of_project(scope.project).where(_is_named(name))).one())


def let_in(database: Database, scope: Scope, name: str, standing: Standing) -> Person | None:
    """Let somebody of another project into this one as well, or change what they are in it; None for an unknown name.

    Links that were made for them end: whoever was given one is not to come into this project by it.
    """
    with database.writing() as connection:
        person_id = connection.execute(select(people.c.id).where(_is_named(name))).scalar_one_or_none()
        if person_id is None:
            return None
        mine = (memberships.c.project_id == scope.project) & (memberships.c.person_id == person_id)
        if not connection.execute(update(memberships).where(mine).values(_given(standing))).rowcount:
            own = {"project_id": scope.project, "person_id": person_id}
            connection.execute(memberships.insert().values(own | _given(standing)))
            connection.execute(delete(invitations).where(invitations.c.person_id == person_id))
        return _person(connection.execute(_of_project(scope.project).where(_is_named(name))).one())


def insert_person(connection: Connection, project: str, name: str, standing: Standing, *, now: datetime) -> int:
    """Insert a person into an open transaction and return the row's id; raises PersonRefused."""
    shown = unicodedata.normalize("NFC", name).strip()
    if not shown or len(shown) > LONGEST_NAME or not shown.isprintable():
        raise PersonRefused(refusals.PERSON_NAME, most=LONGEST_NAME)
    if connection.execute(select(people.c.id).where(_is_named(shown))).first() is not None:
        raise PersonRefused(refusals.PERSON_NAMED)
    values = {"name": shown, "name_key": name_key(shown), "created_at": to_ms(now)}
    added = connection.execute(people.insert().values(values).returning(people.c.id)).scalar_one()
    connection.execute(memberships.insert().values(project_id=project, person_id=added, **_given(standing)))
    return int(added)


def change_standing(database: Database, scope: Scope, name: str, standing: Standing) -> bool:
    """Give a person another role; it holds from their next click. False where the project has nobody of this name."""
    named = select(people.c.id).where(_is_named(name)).scalar_subquery()
    mine = (memberships.c.project_id == scope.project) & (memberships.c.person_id == named)
    with database.writing() as connection:
        return connection.execute(update(memberships).where(mine).values(_given(standing))).rowcount == 1


def remove_person(database: Database, scope: Scope, name: str) -> bool:
    """Remove a person from the project with their sessions in it; False where it has nobody of this name.

    Whoever belongs to no other project is gone.
    """
    with database.writing() as connection:
        row = connection.execute(_of_project(scope.project).where(_is_named(name))).first()
        if row is None:
            return False
        for table in (web_sessions, invitations, memberships):
            here = (table.c.person_id == row.id) & (table.c.project_id == scope.project)
            connection.execute(delete(table).where(here))
        elsewhere = select(memberships.c.person_id).where(memberships.c.person_id == row.id)
        connection.execute(delete(people).where(people.c.id == row.id, ~elsewhere.exists()))
    return True


def person_with(database: Database, name: str, password: str) -> int | None:
    """Return the id of the person whose name and password these are, None where nobody's; both take as long."""
    with database.reading() as connection:
        row = connection.execute(select(people.c.id, people.c.password_hash).where(_is_named(name))).first()
    is_right = is_password(None if row is None else row.password_hash, password)
    return row.id if row is not None and is_right else None


def name_key(name: str) -> str:
    """Return a name as it is compared."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _is_named(name: str) -> ColumnElement[bool]:
    return people.c.name_key == name_key(name)


def _of_project(project: str) -> Select[Any]:
    return select(*_COLUMNS).select_from(_JOINED).where(memberships.c.project_id == project)


def _given(standing: Standing) -> dict[str, object]:
    return {"role": standing.role.value, "may_read_private": standing.may_read_private}


def _person(row: Row[Any]) -> Person:
    return Person(
        name=row.name,
        project=row.project_id,
        standing=Standing(Role(row.role), row.may_read_private),
        has_password=row.password_hash is not None,
        created_at=from_ms(row.created_at),
    )
