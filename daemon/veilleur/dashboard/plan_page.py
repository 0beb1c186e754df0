"""The watch plan: what each device is meant to follow, what was heard of it, and silences that are worth a look."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Response
from starlette.responses import RedirectResponse

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.forms import MemberForm
from veilleur.dashboard.page_route import PageRoute
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.errors import PlanError
from veilleur.model.plan import LONGEST_TARGET, LONGEST_TEXT, PlanEntry, PlanKind
from veilleur.model.scope import TokenScope
from veilleur.store.devices import list_devices
from veilleur.store.plan import plan_standing, remove_entry, save_plan

_PATH: Final = "/plan"
_TEXTS: Final = ("target", "platform", "device", "authorised_by", "ground", "note")


def plan_router() -> APIRouter:
    """Return the routes of the watch plan."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(_PATH, show_plan, methods=["GET", "HEAD"])
    router.add_api_route(_PATH, enter, methods=["POST"])
    router.add_api_route(_PATH + "/removal", remove, methods=["POST"])
    return router


def show_plan(pages: Pages, member: SignedInMember) -> Response:
    """Answer with each entry and when something of it last came."""
    return _plan(pages, member)


def enter(pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Enter something that is followed, in the place of the same; or say what is wrong with it."""
    member.require(TokenScope.WRITE_CASES)
    entry = _entry(fields)
    if entry.kind is PlanKind.GROUP:
        member.require(TokenScope.READ_PRIVATE)
    try:
        save_plan(pages.database, member.person.scope, [entry], by=member.person.name, now=pages.clock())
    except PlanError as refused:
        return _plan(pages, member, refusal=refused, fields=fields)
    return RedirectResponse(_PATH, HTTPStatus.SEE_OTHER)


def remove(pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Take an entry out of the plan; what it brought stays."""
    member.require(TokenScope.WRITE_CASES)
    remove_entry(pages.database, member.person.scope, _entry(fields))
    return RedirectResponse(_PATH, HTTPStatus.SEE_OTHER)


def _entry(fields: Mapping[str, str]) -> PlanEntry:
    given = {name: fields.get(name, "").strip() or None for name in _TEXTS}
    kind = fields.get("kind", "")
    return PlanEntry(
        kind=PlanKind(kind) if kind in set(PlanKind) else PlanKind.ACCOUNT,
        target=given["target"] or "",
        platform=given["platform"] or "",
        device=given["device"],
        authorised_by=given["authorised_by"],
        ground=given["ground"],
        note=given["note"],
    )


def _plan(
    pages: PageContext, member: Member, *, refusal: PlanError | None = None, fields: Mapping[str, str] | None = None
) -> Response:
    scope = member.person.scope
    empty: dict[str, Any] = dict.fromkeys(("kind", *_TEXTS), "")
    return pages.show(
        "plan.html",
        member.visitor,
        status=HTTPStatus.OK if refusal is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        plan=plan_standing(pages.database, scope, now=pages.clock()),
        kinds=[kind for kind in PlanKind if kind is not PlanKind.GROUP or scope.may_read_private],
        devices=list_devices(pages.database, scope),
        refusal=refusal,
        fields=empty | dict(fields or {}),
        longest_target=LONGEST_TARGET,
        longest_text=LONGEST_TEXT,
    )
