"""Projects from the database here."""

from __future__ import annotations

from collections.abc import Sequence

from veilleur.app.clock import utc_now
from veilleur.model.people import Standing
from veilleur.model.project import LetIn, Project
from veilleur.model.scope import Scope
from veilleur.store import projects as stored
from veilleur.store.database import Database
from veilleur.store.people import remove_person
from veilleur.store.project_removal import remove_project


class LocalProjects:
    """Answers `ProjectDesk`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def every(self) -> Sequence[Project]:
        return stored.list_projects(self._database)

    def find(self, project_id: str) -> Project | None:
        return stored.find_project(self._database, project_id)

    def save(self, project_id: str, name: str) -> Project:
        return stored.save_project(self._database, project_id, name, now=utc_now())

    def remove(self, project_id: str) -> bool:
        return remove_project(self._database, project_id)

    def take(self, project_id: str, device: str) -> bool:
        return stored.take_device(self._database, project_id, device, now=utc_now())

    def let_in(self, project_id: str, person: str, standing: Standing) -> LetIn | None:
        return stored.let_person_in(self._database, project_id, person, standing, now=utc_now())

    def let_go(self, project_id: str, person: str) -> bool:
        return remove_person(self._database, Scope(project_id), person)
