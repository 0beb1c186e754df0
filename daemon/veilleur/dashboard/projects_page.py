"""Settings: the projects, each with its devices and people, for who runs the server; and from one to another."""

from __future__ import annotations

import re
import unicodedata
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response
from starlette.responses import RedirectResponse

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.forms import MemberForm
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.people_page import PersonName, standing_of, welcome_link
from veilleur.dashboard.visits import SESSION_COOKIE, Member, SignedInMember
from veilleur.model.errors import PersonRefused, ProjectRefused
from veilleur.model.people import LONGEST_NAME, Role, Standing
from veilleur.model.project import LONGEST_PROJECT_NAME, PROJECT_KEY_PATTERN, Project
from veilleur.model.scope import Scope
from veilleur.store.people import remove_person
from veilleur.store.project_removal import remove_project
from veilleur.store.projects import find_project, let_person_in, list_projects, save_project, take_device
from veilleur.store.web_sessions import switch_project

_PATH: Final = "/settings/projects"
_NO_LETTER: Final = re.compile("[^a-z0-9]+")
_LONGEST_KEY: Final = 64
_MAKERS: Final = Standing(Role.ADMIN, may_read_private=True)

ProjectKey = Annotated[str, Path(pattern=PROJECT_KEY_PATTERN)]


def projects_router() -> APIRouter:
    """Return the routes of projects."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route("/project", switch, methods=["POST"])
    router.add_api_route(_PATH, show_projects, methods=["GET", "HEAD"])
    router.add_api_route(_PATH, make, methods=["POST"])
    one = _PATH + "/{project}"
    router.add_api_route(one, show_project, methods=["GET", "HEAD"])
    router.add_api_route(one + "/name", rename, methods=["POST"])
    router.add_api_route(one + "/devices", take, methods=["POST"])
    router.add_api_route(one + "/people", let_in, methods=["POST"])
    router.add_api_route(one + "/people/{name}/removal", let_go, methods=["POST"])
    router.add_api_route(one + "/removal", remove, methods=["POST"])
    return router


def switch(request: Request, pages: Pages, _member: SignedInMember, fields: MemberForm) -> Response:
    """Have the browser look at another project of this person's."""
    if not switch_project(pages.database, request.cookies.get(SESSION_COOKIE, ""), fields.get("project", "")):
        raise NothingHere
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)


def show_projects(pages: Pages, member: SignedInMember) -> Response:
    """Answer with every project and the form that makes one."""
    member.require_server()
    return _projects(pages, member)


def make(pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Make a project, which whoever makes it belongs to; or say why not."""
    member.require_server()
    name, now = fields.get("name", ""), pages.clock()
    try:
        made = save_project(pages.database, _free_key(pages, name), name, now=now)
    except ProjectRefused as refused:
        return _projects(pages, member, refusal=refused, name=name)
    if member.person.role is not None:
        let_person_in(pages.database, made.id, member.person.name, _MAKERS, now=now)
    return RedirectResponse(f"{_PATH}/{made.id}", HTTPStatus.SEE_OTHER)


def show_project(pages: Pages, member: SignedInMember, project: ProjectKey) -> Response:
    """Answer with what a project holds, and the forms that fill it."""
    member.require_server()
    return _project(pages, member, project)


def rename(pages: Pages, member: SignedInMember, project: ProjectKey, fields: MemberForm) -> Response:
    """Give a project another name; or say why not."""
    member.require_server()
    _found(pages, project)
    try:
        save_project(pages.database, project, fields.get("name", ""), now=pages.clock())
    except ProjectRefused as refused:
        return _project(pages, member, project, rename_refusal=refused)
    return _back(project)


def take(pages: Pages, member: SignedInMember, project: ProjectKey, fields: MemberForm) -> Response:
    """Have a device belong to this project from now on."""
    member.require_server()
    if not take_device(pages.database, project, fields.get("device", ""), now=pages.clock()):
        raise NothingHere
    return _back(project)


def let_in(request: Request, pages: Pages, member: SignedInMember, project: ProjectKey, fields: MemberForm) -> Response:
    """Let a person in, or change what they are here; a new person's link is shown once."""
    member.require_server()
    name = fields.get("name", "")
    if name == member.person.name and project == member.person.project:
        return _project(pages, member, project, is_own=True)
    try:
        let_in = let_person_in(pages.database, project, name, standing_of(fields), now=pages.clock())
    except PersonRefused as refused:
        return _project(pages, member, project, person_refusal=refused, name=name)
    if let_in is None:
        raise NothingHere
    if let_in.invitation is None:
        return _back(project)
    link = welcome_link(request, let_in.invitation)
    return _project(pages, member, project, invited=let_in.person.name, link=link)


def let_go(
    pages: Pages, member: SignedInMember, project: ProjectKey, name: PersonName, _fields: MemberForm
) -> Response:
    """Take a person out of this project, who is signed out of it."""
    member.require_server()
    if name == member.person.name and project == member.person.project:
        return _project(pages, member, project, is_own=True)
    if not remove_person(pages.database, Scope(project), name):
        raise NothingHere
    return _back(project)


def remove(pages: Pages, member: SignedInMember, project: ProjectKey, _fields: MemberForm) -> Response:
    """Remove a project that holds nothing; or say what it holds."""
    member.require_server()
    try:
        is_removed = remove_project(pages.database, project)
    except ProjectRefused as refused:
        return _project(pages, member, project, removal_refusal=refused)
    if not is_removed:
        raise NothingHere
    return RedirectResponse(_PATH, HTTPStatus.SEE_OTHER)


def _projects(pages: PageContext, member: Member, *, refusal: ProjectRefused | None = None, name: str = "") -> Response:
    return pages.show(
        "projects.html",
        member.visitor,
        status=HTTPStatus.OK if refusal is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        projects=list_projects(pages.database),
        longest_name=LONGEST_PROJECT_NAME,
        refusal=refusal,
        name=name,
    )


def _project(pages: PageContext, member: Member, project: str, **shown: Any) -> Response:  # noqa: ANN401 - for the template
    found = _found(pages, project)
    refusals = ("rename_refusal", "person_refusal", "removal_refusal", "is_own")
    usual: dict[str, Any] = dict.fromkeys((*refusals, "link", "invited", "name"))
    others = [one for one in list_projects(pages.database) if one.id != project]
    here = {one.name for one in found.people}
    return pages.show(
        "project.html",
        member.visitor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if set(refusals) & shown.keys() else HTTPStatus.OK,
        project=found,
        elsewhere=[(device, one.name) for one in others for device in one.devices],
        absent=sorted({person.name for one in others for person in one.people} - here),
        roles=tuple(Role),
        longest_project_name=LONGEST_PROJECT_NAME,
        longest_name=LONGEST_NAME,
        **(usual | shown),
    )


def _found(pages: PageContext, project: str) -> Project:
    found = find_project(pages.database, project)
    if found is None:
        raise NothingHere
    return found


def _back(project: str) -> Response:
    return RedirectResponse(f"{_PATH}/{project}", HTTPStatus.SEE_OTHER)


def _free_key(pages: PageContext, name: str) -> str:
    """Return an id that says the name in plain letters, and that no project has."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    wished = _NO_LETTER.sub("-", plain).strip("-")[: _LONGEST_KEY - 4].strip("-") or "project"
    taken = {one.id for one in list_projects(pages.database)}
    numbered = (wished if number == 1 else f"{wished}-{number}" for number in range(1, len(taken) + 2))
    return next(key for key in numbered if key not in taken)
