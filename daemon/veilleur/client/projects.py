"""The projects of a server, for a token that runs it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from veilleur.client.refusals import wrong_as
from veilleur.client.transport import Transport, segment
from veilleur.model.errors import PersonRefused, ProjectRefused
from veilleur.model.people import Standing
from veilleur.model.project import LetIn, Project


class _Projects(Struct, frozen=True):
    projects: tuple[Project, ...]


class Projects:
    """Operations on projects."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def every(self) -> Sequence[Project]:
        """Return every project by name, or the token's own."""
        return self._transport.read("/projects", _Projects).projects

    def find(self, project_id: str) -> Project | None:
        """Return a project, None where there is none of this id."""
        return self._transport.find(_path(project_id), Project)

    def save(self, project_id: str, name: str) -> Project:
        """Make a project or give it another name; raises ProjectRefused."""
        with wrong_as(ProjectRefused):
            return self._transport.write("PUT", _path(project_id), Project, {"name": name})

    def remove(self, project_id: str) -> bool:
        """Remove an empty project, False where there is none; raises ProjectRefused for one that holds something."""
        with wrong_as(ProjectRefused):
            return self._transport.change("DELETE", _path(project_id), Project) is not None

    def take(self, project_id: str, device: str) -> bool:
        """Have a device belong to a project from now on; False where there is no such project or device."""
        return self._transport.change("PUT", f"{_path(project_id)}/devices/{segment(device)}", Project) is not None

    def let_in(self, project_id: str, person: str, standing: Standing) -> LetIn | None:
        """Let somebody into a project; None where there is no such project. Raises PersonRefused."""
        body = {"role": standing.role.value, "may_read_private": standing.may_read_private}
        with wrong_as(PersonRefused):
            return self._transport.change("PUT", f"{_path(project_id)}/people/{segment(person)}", LetIn, body)

    def let_go(self, project_id: str, person: str) -> bool:
        """Take somebody out of a project; False where it has nobody of this name."""
        return self._transport.change("DELETE", f"{_path(project_id)}/people/{segment(person)}", Project) is not None


def _path(project_id: str) -> str:
    return f"/projects/{segment(project_id)}"
