"""Alerts: what rules found worth telling, who took it on, and the page behind the link that receivers are sent."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response
from starlette.responses import RedirectResponse

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.forms import MemberForm, VisitorForm
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.visitor import Visitor
from veilleur.dashboard.visits import AnyVisitor, SignedInMember
from veilleur.model.alert import Alert, AlertId
from veilleur.model.errors import StaleCursor
from veilleur.model.scope import TokenScope
from veilleur.store.alert_rules import list_alert_rules
from veilleur.store.alerts import acknowledge, acknowledge_by_link, linked_alert, page_alerts
from veilleur.store.sealed_cursors import CURSOR_PATTERN

_PATH: Final = "/alerts"
_LINK_PATH: Final = "/alerts/link/{secret}"
_ROWS: Final = 50
_MOST_ID: Final = 2**63 - 1

AlertKey = Annotated[int, Path(ge=1, le=_MOST_ID)]
Secret = Annotated[str, Path(max_length=200)]
_Cursor = Annotated[str | None, Query(pattern=CURSOR_PATTERN)]
_OnlyOpen = Annotated[bool, Query(alias="open")]


def alerts_router() -> APIRouter:
    """Return the routes of alerts."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(_PATH, show_alerts, methods=["GET", "HEAD"])
    router.add_api_route(_PATH + "/{alert_id}/acknowledgement", take_on, methods=["POST"])
    router.add_api_route(_LINK_PATH, show_linked, methods=["GET", "HEAD"])
    router.add_api_route(_LINK_PATH, take_on_linked, methods=["POST"])
    return router


def show_alerts(pages: Pages, member: SignedInMember, cursor: _Cursor = None, only_open: _OnlyOpen = False) -> Response:
    """Answer with the project's alerts, the newest first."""
    scope = member.person.scope
    is_open = True if only_open else None
    try:
        page = page_alerts(pages.database, scope, limit=_ROWS, cursor=cursor, is_open=is_open)
    except StaleCursor:
        raise NothingHere from None
    rules = list_alert_rules(pages.database, scope)
    return pages.show("alerts.html", member.visitor, page=page, rules=rules, only_open=only_open)


def take_on(pages: Pages, member: SignedInMember, alert_id: AlertKey, _fields: MemberForm) -> Response:
    """Take an alert on: nobody further is told of it."""
    member.require(TokenScope.WRITE_CASES)
    by, now = member.person.name, pages.clock()
    if not acknowledge(pages.database, member.person.scope, AlertId(alert_id), by=by, now=now):
        raise NothingHere
    return RedirectResponse(_PATH, HTTPStatus.SEE_OTHER)


def show_linked(pages: Pages, visitor: AnyVisitor, secret: Secret) -> Response:
    """Answer with the alert behind a link, and the button that takes it on; looking alone takes nothing on."""
    return _linked(pages, visitor, secret, linked_alert(pages.database, secret))


def take_on_linked(pages: Pages, visitor: AnyVisitor, secret: Secret, _fields: VisitorForm) -> Response:
    """Take the alert behind a link on, in the name of the receiver that the link was sent to."""
    return _linked(pages, visitor, secret, acknowledge_by_link(pages.database, secret, now=pages.clock()))


def _linked(pages: PageContext, visitor: Visitor, secret: str, found: tuple[Alert, str] | None) -> Response:
    if found is None:
        raise NothingHere
    alert, receiver = found
    return pages.show("linked_alert.html", visitor, alert=alert, receiver=receiver, secret=secret)
