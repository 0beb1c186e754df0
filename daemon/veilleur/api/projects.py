"""Operations on projects: made, renamed, filled and removed by who runs the server; read by their own too."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from veilleur.api import project_shapes as shapes
from veilleur.api.admission import AdminScope, ServerScope
from veilleur.api.context import Context
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.writing import json_answer
from veilleur.model.people import LONGEST_NAME, Standing
from veilleur.model.project import PROJECT_KEY_PATTERN, Project
from veilleur.model.scope import DEFAULT_PROJECT, Scope
from veilleur.model.wire import let_in_fields, project_fields
from veilleur.store import projects as stored
from veilleur.store.database import Database
from veilleur.store.people import remove_person
from veilleur.store.project_removal import remove_project as remove_empty

_ABOUT = "A project's id: lower-case letters, digits and hyphens."

ProjectKey = Annotated[
    str,
    Path(
        pattern=PROJECT_KEY_PATTERN,
        description=_ABOUT,
        openapi_examples={"project": {"value": "maison-dupont"}},
    ),
]
EmptyProjectKey = Annotated[
    str,
    Path(alias="project", pattern=PROJECT_KEY_PATTERN, description=_ABOUT, openapi_examples={"e": {"value": "essai"}}),
]
MovedDevice = Annotated[
    str,
    Path(
        alias="device",
        pattern=PROJECT_KEY_PATTERN,
        description="A device's name.",
        openapi_examples={"device": {"value": "salon-2"}},
    ),
]
PersonName = Annotated[
    str,
    Path(
        min_length=1,
        max_length=LONGEST_NAME,
        description="The name that they sign in with.",
        openapi_examples={"person": {"value": "Zoé"}},
    ),
]


def project_router() -> APIRouter:
    """Return the operations on projects."""
    router = APIRouter(tags=["projects"])
    one, shape = "/projects/{project}", shapes.Project
    device, person = f"{one}/devices/{{device}}", f"{one}/people/{{person}}"
    for path, method, answer, summary, answers in (
        ("/projects", "GET", list_projects, "List projects", shapes.ProjectList),
        (one, "GET", read_project, "Read what a project holds", shape),
        (one, "PUT", write_project, "Make or rename a project", shape),
        (one, "DELETE", remove_project, "Remove an empty project", shape),
        (device, "PUT", take_device, "Have a device belong to a project", shape),
        (person, "PUT", let_person_in, "Let a person into a project", shapes.LetIn),
        (person, "DELETE", let_person_go, "Take a person out of a project", shape),
    ):
        router.add_api_route(path, answer, methods=[method], summary=summary, response_model=answers)
    return router


def list_projects(context: Context, scope: AdminScope) -> Response:
    """Answer with every project, or with the token's own where it is not the first; needs the scope `admin`."""
    every = stored.list_projects(context.database)
    rows = [project_fields(one) for one in every if scope.project in {one.id, DEFAULT_PROJECT}]
    return json_answer({"projects": rows})


def read_project(context: Context, scope: AdminScope, project: ProjectKey) -> Response:
    """Answer with one project; needs the scope `admin`."""
    if scope.project not in {project, DEFAULT_PROJECT}:
        raise _absent()
    return json_answer(project_fields(_found(context.database, project)))


def write_project(context: Context, _scope: ServerScope, project: ProjectKey, body: shapes.ProjectShape) -> Response:
    """Make a project or give it another name; needs an `admin` token of the first project."""
    return json_answer(project_fields(stored.save_project(context.database, project, body.name, now=context.clock())))


def remove_project(context: Context, _scope: ServerScope, project: EmptyProjectKey) -> Response:
    """Remove a project in which nothing was captured or kept, and answer with what it was.

    Needs an `admin` token of the first project; the answer 422 names what it still holds.
    """
    gone = _found(context.database, project)
    remove_empty(context.database, project)
    return json_answer(project_fields(gone))


def take_device(context: Context, _scope: ServerScope, project: ProjectKey, device: MovedDevice) -> Response:
    """Have a device belong to this project from now on, and answer with the project.

    Mentions that it sent before stay in the project that it was in. Needs an `admin` token of the first project.
    """
    if not stored.take_device(context.database, project, device, now=context.clock()):
        raise _absent()
    return json_answer(project_fields(_found(context.database, project)))


def let_person_in(
    context: Context, _scope: ServerScope, project: ProjectKey, person: PersonName, body: shapes.StandingShape
) -> Response:
    """Let somebody into a project, or change what they are in it; a name that nobody has is a new person's.

    Needs an `admin` token of the first project.
    """
    standing = Standing(body.role, may_read_private=body.may_read_private)
    let_in = stored.let_person_in(context.database, project, person, standing, now=context.clock())
    if let_in is None:
        raise _absent()
    return json_answer(let_in_fields(let_in))


def let_person_go(context: Context, _scope: ServerScope, project: ProjectKey, person: PersonName) -> Response:
    """Take a person out of a project, and answer with the project; who is in no other one cannot sign in any more.

    Needs an `admin` token of the first project.
    """
    if not remove_person(context.database, Scope(project), person):
        raise _absent()
    return json_answer(project_fields(_found(context.database, project)))


def _found(database: Database, project: str) -> Project:
    found = stored.find_project(database, project)
    if found is None:
        raise _absent()
    return found


def _absent() -> Refusal:
    return Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail="There is no such project here, or not that in it."))
