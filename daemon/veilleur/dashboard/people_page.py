"""Settings: who signs in, with which role, and links by which they choose a password."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response
from starlette.responses import RedirectResponse

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.forms import MemberForm
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.errors import PersonRefused
from veilleur.model.people import LONGEST_NAME, Role, Standing
from veilleur.model.scope import TokenScope
from veilleur.store.invitations import invite_person
from veilleur.store.people import add_person, change_standing, list_people, remove_person

_PATH: Final = "/settings"

PersonName = Annotated[str, Path(max_length=LONGEST_NAME)]


def people_router() -> APIRouter:
    """Return the routes of people."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(_PATH, show_people, methods=["GET", "HEAD"])
    router.add_api_route(_PATH + "/people", add, methods=["POST"])
    one = _PATH + "/people/{name}"
    router.add_api_route(one + "/standing", change, methods=["POST"])
    router.add_api_route(one + "/link", link, methods=["POST"])
    router.add_api_route(one + "/removal", remove, methods=["POST"])
    return router


def show_people(pages: Pages, member: SignedInMember) -> Response:
    """Answer with everybody of the project."""
    member.require(TokenScope.ADMIN)
    return _people(pages, member)


def add(request: Request, pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Add a person and show their link once; or say why the name cannot be."""
    member.require(TokenScope.ADMIN)
    try:
        person = add_person(
            pages.database, member.person.scope, fields.get("name", ""), standing_of(fields), now=pages.clock()
        )
    except PersonRefused as refused:
        return _people(pages, member, refusal=refused, name=fields.get("name", ""))
    return _link(request, pages, member, person.name)


def change(pages: Pages, member: SignedInMember, name: PersonName, fields: MemberForm) -> Response:
    """Give a person another role; nobody takes the role from themselves, so that an administrator is left."""
    member.require(TokenScope.ADMIN)
    if name == member.person.name:
        return _people(pages, member, is_own=True)
    if not change_standing(pages.database, member.person.scope, name, standing_of(fields)):
        raise NothingHere
    return RedirectResponse(_PATH, HTTPStatus.SEE_OTHER)


def link(request: Request, pages: Pages, member: SignedInMember, name: PersonName, _fields: MemberForm) -> Response:
    """Make a new link for a person and show it once."""
    member.require(TokenScope.ADMIN)
    return _link(request, pages, member, name)


def remove(pages: Pages, member: SignedInMember, name: PersonName, _fields: MemberForm) -> Response:
    """Remove a person, who is signed out everywhere."""
    member.require(TokenScope.ADMIN)
    if name == member.person.name:
        return _people(pages, member, is_own=True)
    if not remove_person(pages.database, member.person.scope, name):
        raise NothingHere
    return RedirectResponse(_PATH, HTTPStatus.SEE_OTHER)


def welcome_link(request: Request, secret: str) -> str:
    """Return the link by which a person chooses a password."""
    return f"{str(request.base_url).rstrip('/')}/welcome/{secret}"


def _link(request: Request, pages: PageContext, member: Member, name: str) -> Response:
    try:
        secret = invite_person(
            pages.database, member.person.scope, name, now=pages.clock(), runs_server=member.person.runs_server
        )
    except PersonRefused as refused:
        return _people(pages, member, link_refusal=refused)
    if secret is None:
        raise NothingHere
    return _people(pages, member, invited=name, link=welcome_link(request, secret))


def _people(pages: PageContext, member: Member, **shown: Any) -> Response:  # noqa: ANN401 - for the template
    usual: dict[str, Any] = {
        "refusal": None,
        "is_own": False,
        "link_refusal": None,
        "invited": None,
        "link": None,
        "name": "",
    }
    is_refused = bool({"refusal", "is_own", "link_refusal"} & shown.keys())
    return pages.show(
        "people.html",
        member.visitor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK,
        people=list_people(pages.database, member.person.scope),
        roles=tuple(Role),
        longest_name=LONGEST_NAME,
        **(usual | shown),
    )


def standing_of(fields: Mapping[str, str]) -> Standing:
    """Return what a form makes of a person."""
    role = fields.get("role", "")
    return Standing(Role(role) if role in set(Role) else Role.VIEWER, may_read_private="private" in fields)
