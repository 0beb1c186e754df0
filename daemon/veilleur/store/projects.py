"""Projects: made, renamed, and given devices and people.

What is here is for who runs the server; everybody else meets a project as the scope of what they read.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, select, update

from veilleur.model.errors import ProjectRefused
from veilleur.model.people import Standing
from veilleur.model.project import LONGEST_PROJECT_NAME, PROJECT_KEY_PATTERN, LetIn, Project
from veilleur.model.scope import Scope
from veilleur.store.bulk import insert_rows
from veilleur.store.coverage_rows import STATE_CAUSES
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.invitations import invite_person
from veilleur.store.people import add_person, let_in, list_people
from veilleur.store.tables import coverage_intervals, device_configs, devices, pairing_pages, projects
from veilleur.store.tally_tables import tallies
from veilleur.store.watch_tables import watches
from veilleur.wording import refusals

_KEY: Final = re.compile(PROJECT_KEY_PATTERN)
_ledger: Final = coverage_intervals.c


def list_projects(database: Database) -> tuple[Project, ...]:
    """Return every project by name, with what it holds."""
    with database.reading() as connection:
        rows = connection.execute(select(projects).order_by(projects.c.name, projects.c.id)).all()
    return tuple(_project(database, row) for row in rows)


def find_project(database: Database, project_id: str) -> Project | None:
    """Return a project with what it holds, None where there is none of this id."""
    with database.reading() as connection:
        row = connection.execute(select(projects).where(projects.c.id == project_id)).first()
    return None if row is None else _project(database, row)


def has_project(database: Database, project_id: str) -> bool:
    """Return whether there is a project of this id."""
    with database.reading() as connection:
        return connection.execute(select(projects.c.id).where(projects.c.id == project_id)).first() is not None


def save_project(database: Database, project_id: str, name: str, *, now: datetime) -> Project:
    """Make a project, or give the one of this id another name; raises ProjectRefused for what cannot be."""
    shown = unicodedata.normalize("NFC", name).strip()
    if _KEY.fullmatch(project_id) is None:
        raise ProjectRefused(refusals.PROJECT_ID)
    if not shown or len(shown) > LONGEST_PROJECT_NAME or not shown.isprintable():
        raise ProjectRefused(refusals.PROJECT_NAME, most=LONGEST_PROJECT_NAME)
    with database.writing() as connection:
        same = (projects.c.name == shown) & (projects.c.id != project_id)
        if connection.execute(select(projects.c.id).where(same)).first() is not None:
            raise ProjectRefused(refusals.PROJECT_NAMED)
        cells = (project_id, shown, to_ms(now))
        insert_rows(connection, projects, ("id", "name", "created_at"), [cells], ignore=True)
        connection.execute(update(projects).where(projects.c.id == project_id).values(name=shown))
        row = connection.execute(select(projects).where(projects.c.id == project_id)).one()
    return _project(database, row)


def let_person_in(database: Database, project_id: str, name: str, standing: Standing, *, now: datetime) -> LetIn | None:
    """Let somebody into a project, or change what they are in it; a name that nobody has is a new person's.

    None where there is no such project; raises PersonRefused for a name that cannot be.
    """
    if not has_project(database, project_id):
        return None
    scope = Scope(project_id)
    known = let_in(database, scope, name, standing) or add_person(database, scope, name, standing, now=now)
    if known.has_password:
        return LetIn(person=known, invitation=None)
    return LetIn(person=known, invitation=invite_person(database, scope, known.name, now=now, runs_server=True))


def take_device(database: Database, project_id: str, device: str, *, now: datetime) -> bool:
    """Have a device belong to this project from now on; False where there is no such project or device.

    What it sent before stays with the project that it was sent to. What it is asked to capture goes on, what it was
    asked before that is forgotten, for it names the other project's chats.
    """
    if not has_project(database, project_id):
        return False
    with database.writing() as connection:
        row = connection.execute(select(devices).where(devices.c.name == device).with_for_update()).first()
        if row is None:
            return False
        if row.project_id != project_id:
            connection.execute(update(devices).where(devices.c.id == row.id).values(project_id=project_id))
            _part_blindness(connection, row.id, project_id, to_ms(now))
            _forget_former(connection, row.id)
    return True


def _part_blindness(connection: Connection, device_id: int, project_id: str, now_ms: int) -> None:
    """End what the device does not see for the project that it leaves, and begin it for the other."""
    states = _ledger.cause.in_([cause.value for cause in STATE_CAUSES])
    is_open = (_ledger.device_id == device_id) & _ledger.until.is_(None) & states
    rows = connection.execute(select(coverage_intervals).where(is_open)).all()
    connection.execute(update(coverage_intervals).where(is_open).values(until=now_ms))
    columns = ("project_id", "device_id", "cause", "subject", "since", "detail")
    cells = [(project_id, device_id, row.cause, row.subject, now_ms, row.detail) for row in rows]
    insert_rows(connection, coverage_intervals, columns, cells, ignore=True)


def _forget_former(connection: Connection, device_id: int) -> None:
    own = device_configs.c.device_id == device_id
    newest = select(func.max(device_configs.c.revision)).where(own).scalar_subquery()
    connection.execute(delete(device_configs).where(own, device_configs.c.revision < newest))
    connection.execute(delete(pairing_pages).where(pairing_pages.c.device_id == device_id))


def _project(database: Database, row: Row[Any]) -> Project:
    people = list_people(database, Scope(row.id))
    with database.reading() as connection:
        names = connection.execute(
            select(devices.c.name).where(devices.c.project_id == row.id).order_by(devices.c.name)
        )
        active = (watches.c.project_id == row.id) & watches.c.archived_at.is_(None)
        watch_count = connection.execute(select(func.count()).select_from(watches).where(active)).scalar_one()
        shown = select(func.coalesce(func.sum(tallies.c.every), 0)).where(tallies.c.project_id == row.id)
        return Project(
            id=row.id,
            name=row.name,
            created_at=from_ms(row.created_at),
            devices=tuple(names.scalars()),
            people=people,
            watch_count=watch_count,
            mention_count=int(connection.execute(shown).scalar_one()),
        )
