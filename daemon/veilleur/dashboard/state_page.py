"""État: what only an operator needs. What is wrong now, what nobody understood, and patterns that would."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Response
from starlette.responses import RedirectResponse

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.forms import MemberForm
from veilleur.dashboard.operations import Refused
from veilleur.dashboard.page_route import PageRoute
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.kinds import OutcomeKind
from veilleur.model.scope import TokenScope
from veilleur.store.alarms import list_alarms
from veilleur.store.dead_letters import list_dead
from veilleur.store.notifications import page_notifications
from veilleur.store.parse_rates import list_parse_rates

_STATE_PATH: Final = "/state"
_PATTERNS_PATH: Final = "/state/patterns"
_ROWS: Final = 20
_RATES: Final = 60
_RATES_OF: Final = timedelta(days=7)


def state_router() -> APIRouter:
    """Return the routes of the operator's pages."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(_STATE_PATH, show_state, methods=["GET", "HEAD"])
    router.add_api_route(_PATTERNS_PATH, show_patterns, methods=["GET", "HEAD"])
    router.add_api_route(_PATTERNS_PATH, accept_pattern, methods=["POST"])
    return router


def show_state(pages: Pages, member: SignedInMember) -> Response:
    """Answer with the parts of the daemon, alarms, what was not understood and what could not be read."""
    scope, since_at = member.person.scope, pages.clock() - _RATES_OF
    unknown = page_notifications(pages.database, scope, limit=_ROWS, outcome=OutcomeKind.QUARANTINED)
    return pages.show(
        "state.html",
        member.visitor,
        readiness=pages.readiness(),
        alarms=list_alarms(pages.database, scope, is_open=True),
        past_alarms=list_alarms(pages.database, scope, is_open=False, since=since_at)[-_ROWS:],
        unknown=unknown,
        dead=list_dead(pages.database, scope, limit=_ROWS),
        rates=[one for one in list_parse_rates(pages.database, scope, since_at=since_at, limit=_RATES) if one.unknown],
        may_read_private=scope.may_read_private,
    )


def show_patterns(pages: Pages, member: SignedInMember) -> Response:
    """Answer with the patterns that would read what nobody understood."""
    member.require(TokenScope.ADMIN)
    return _patterns(pages, member)


def accept_pattern(pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Add a proposed pattern and read again what nobody understood; or say why not."""
    member.require(TokenScope.ADMIN)
    member.require_server()
    try:
        pages.operations.accept_pattern(member.person.scope, fields.get("key", ""))
    except Refused as refused:
        return _patterns(pages, member, refusal=str(refused))
    return RedirectResponse(_PATTERNS_PATH, HTTPStatus.SEE_OTHER)


def _patterns(pages: PageContext, member: Member, refusal: str | None = None) -> Response:
    status = HTTPStatus.OK if refusal is None else HTTPStatus.UNPROCESSABLE_ENTITY
    proposals = pages.operations.proposed_patterns(member.person.scope)
    return pages.show("patterns.html", member.visitor, status=status, proposals=proposals, refusal=refusal)
