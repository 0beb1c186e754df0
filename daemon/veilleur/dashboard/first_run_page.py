"""The first steps, each of which looks by itself whether it is done; a tablet is paired without leaving them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from starlette.responses import RedirectResponse

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.devices_page import DEVICE_NAME, pairing_ways
from veilleur.dashboard.first_steps import first_steps
from veilleur.dashboard.forms import MemberForm
from veilleur.dashboard.operations import Refused
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.pairing_page import drawn_code
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.scope import DEFAULT_PROJECT, TokenScope
from veilleur.store.pairing_pages import page_state, show_page

START_PATH: Final = "/start"
_PAIRING: Final = START_PATH + "/pairing"

FIRST: Final = "first"
"""The field of a form that leads back to the first steps."""

IsFirst = Annotated[bool, Query(alias=FIRST)]
_Seen = Annotated[str, Query(max_length=64)]


def first_run_router() -> APIRouter:
    """Return the routes of the first steps."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(START_PATH, show_steps, methods=["GET", "HEAD"])
    router.add_api_route(START_PATH + "/steps", show_standing, methods=["GET"])
    router.add_api_route(START_PATH + "/sample", play_sample, methods=["POST"])
    router.add_api_route(_PAIRING, pair, methods=["POST"])
    router.add_api_route(_PAIRING + "/{token}", show_code, methods=["GET"])
    router.add_api_route(_PAIRING + "/{token}/state", show_pairing, methods=["GET"])
    return router


def show_steps(pages: Pages, member: SignedInMember) -> Response:
    """Answer with the steps and how they stand."""
    return _steps(pages, member)


def show_standing(pages: Pages, member: SignedInMember, seen: _Seen = "") -> Response:
    """Answer with how the steps stand now, or with nothing where that is what the page shows."""
    steps = first_steps(pages.database, member.person)
    if steps.mark == seen:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return pages.show("parts/steps.html", member.visitor, steps=steps, first_project=DEFAULT_PROJECT)


def play_sample(pages: Pages, member: SignedInMember, _fields: MemberForm) -> Response:
    """Play the sample week; or say why not."""
    member.require(TokenScope.ADMIN)
    if member.person.project != DEFAULT_PROJECT:
        raise NothingHere
    try:
        pages.operations.play_sample()
    except Refused as refused:
        return _steps(pages, member, refusal=str(refused))
    return RedirectResponse(START_PATH, HTTPStatus.SEE_OTHER)


def pair(pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Make a pairing code and lead to where it is shown once; or say why there is none."""
    member.require(TokenScope.ADMIN)
    name = fields.get("device", "").strip().lower()
    if DEVICE_NAME.fullmatch(name) is None:
        return _steps(pages, member, is_misnamed=True, name=name)
    try:
        path = pages.operations.pair(member.person.scope, name, **pairing_ways(fields, member))
    except Refused as refused:
        return _steps(pages, member, pairing_refusal=str(refused), name=name)
    return RedirectResponse(f"{_PAIRING}/{path.rpartition('/')[2]}", HTTPStatus.SEE_OTHER)


def show_code(pages: Pages, member: SignedInMember, token: str) -> Response:
    """Answer with the code, this once, above the steps that it leads to."""
    member.require(TokenScope.ADMIN)
    shown = show_page(pages.database, token, now=pages.clock())
    status = HTTPStatus.OK if shown is not None else HTTPStatus.NOT_FOUND
    return _steps(pages, member, status=status, is_pairing=True, token=token, pairing=shown, code=drawn_code(shown))


def show_pairing(pages: Pages, member: SignedInMember, token: str) -> Response:
    """Answer with whether the tablet has come, or with nothing while it has not."""
    member.require(TokenScope.ADMIN)
    shown = page_state(pages.database, token, now=pages.clock())
    if shown is not None and not shown.is_connected and not shown.is_over:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return pages.show("parts/pairing_step.html", member.visitor, token=token, pairing=shown, code=None)


def _steps(
    pages: PageContext,
    member: Member,
    *,
    status: HTTPStatus | None = None,
    **shown: Any,  # noqa: ANN401 - for the template
) -> Response:
    usual: dict[str, Any] = {
        "refusal": None,
        "pairing_refusal": None,
        "is_misnamed": False,
        "is_pairing": False,
        "name": "",
    }
    is_refused = bool({"refusal", "pairing_refusal", "is_misnamed"} & shown.keys())
    return pages.show(
        "first_run.html",
        member.visitor,
        status=status or (HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK),
        steps=first_steps(pages.database, member.person),
        first_project=DEFAULT_PROJECT,
        **(usual | shown),
    )
