"""Settings: where notices go, made here, tried at once; and how a rule's test came to each of its receivers."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Response
from starlette.responses import RedirectResponse

from veilleur.alerts.telling import try_out_notice
from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.forms import MemberForm
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.rules_page import RuleName, found_rule
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.delivery.keeping import keep_receiver, try_receiver
from veilleur.model.delivery import (
    LONGEST_ADDRESS,
    Delivery,
    DeliveryState,
    Notice,
    ReceiverDraft,
    ReceiverId,
    ReceiverKind,
)
from veilleur.model.errors import ReceiverRefused
from veilleur.model.scope import TokenScope
from veilleur.model.watch import LONGEST_NAME, NAME_PATTERN
from veilleur.store.alerting import queue_trials
from veilleur.store.deliveries import page_deliveries
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.receivers import list_receivers, remove_receiver

_PATH: Final = "/settings/receivers"
_WEB: Final = ("http://", "https://")
_LATEST_MS: Final = 2**53

_ReceiverName = Annotated[str, Path(max_length=LONGEST_NAME, pattern=NAME_PATTERN)]
_SinceMs = Annotated[int, Query(alias="since", ge=0, le=_LATEST_MS)]


def receivers_router() -> APIRouter:
    """Return the routes of receivers, and of a rule's test."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    one, trial = _PATH + "/{name}", "/alert-rules/{name}/test"
    router.add_api_route(_PATH, show_receivers, methods=["GET", "HEAD"])
    router.add_api_route(_PATH, add_receiver, methods=["POST"])
    router.add_api_route(one + "/test", try_one, methods=["POST"])
    router.add_api_route(one + "/removal", remove, methods=["POST"])
    router.add_api_route(trial, try_rule, methods=["POST"])
    router.add_api_route(trial, show_trial, methods=["GET"])
    return router


def show_receivers(pages: Pages, member: SignedInMember) -> Response:
    """Answer with the project's receivers, their addresses masked, and the form that makes one."""
    member.require(TokenScope.ADMIN)
    return _receivers(pages, member)


def add_receiver(pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Make a receiver and show the secret that was made for it, this once; or say why there is none."""
    member.require(TokenScope.ADMIN)
    name, address = fields.get("name", "").strip(), fields.get("address", "").strip()
    if not name or len(name) > LONGEST_NAME or "/" in name or not name.isprintable():
        return _receivers(pages, member, is_misnamed=True, name=name)
    if pages.outgoing is None or not 0 < len(address) <= LONGEST_ADDRESS:
        return _receivers(pages, member, has_no_address=True, name=name)
    kind = ReceiverKind.WEBHOOK if address.startswith(_WEB) else ReceiverKind.SERVICE
    draft = ReceiverDraft(name=name, kind=kind, address=address)
    try:
        made = keep_receiver(
            pages.database, member.person.scope, pages.outgoing, draft, by=member.person.name, now=pages.clock()
        )
    except ReceiverRefused as refused:
        return _receivers(pages, member, refusal=refused, name=name)
    return _receivers(pages, member, made=made)


def try_one(pages: Pages, member: SignedInMember, name: _ReceiverName, _fields: MemberForm) -> Response:
    """Send a trial at once, and tell how that went."""
    member.require(TokenScope.ADMIN)
    if pages.outgoing is None:
        raise NothingHere
    try:
        answer = try_receiver(pages.database, member.person.scope, pages.outgoing, name, now=pages.clock())
    except ReceiverRefused as refused:
        return _receivers(pages, member, refusal=refused)
    if answer is None:
        raise NothingHere
    return _receivers(pages, member, tried=name, answer=answer)


def remove(pages: Pages, member: SignedInMember, name: _ReceiverName, _fields: MemberForm) -> Response:
    """Forget a receiver and its address; what waited for it is given up."""
    member.require(TokenScope.ADMIN)
    if not remove_receiver(pages.database, member.person.scope, name, by=member.person.name, now=pages.clock()):
        raise NothingHere
    return RedirectResponse(_PATH, HTTPStatus.SEE_OTHER)


def try_rule(pages: Pages, member: SignedInMember, name: RuleName, _fields: MemberForm) -> Response:
    """Send everybody whom a rule may tell a test, and lead to how it comes to each."""
    member.require(TokenScope.WRITE_CASES)
    rule, now = found_rule(pages, member, name), pages.clock()

    def notice(receiver: ReceiverId) -> Notice:
        return try_out_notice(rule, receiver, now=now)

    queue_trials(pages.database, rule, notice)
    return RedirectResponse(f"/alert-rules/{quote(name, safe='')}/test?since={to_ms(now)}", HTTPStatus.SEE_OTHER)


def show_trial(pages: Pages, member: SignedInMember, name: RuleName, since_ms: _SinceMs) -> Response:
    """Answer with how what was sent since then came to each receiver of a rule."""
    rule = found_rule(pages, member, name)
    there = [one.name for one in list_receivers(pages.database, member.person.scope)]
    told = [one for one in there if not rule.draft.receivers or one in rule.draft.receivers]
    sent = {receiver: _sent(pages, member, receiver, from_ms(since_ms)) for receiver in told}
    is_under_way = any(one is not None and one.state is DeliveryState.QUEUED for one in sent.values())
    return pages.show(
        "alert_test.html", member.visitor, rule=rule, sent=sent, since_ms=since_ms, is_under_way=is_under_way
    )


def _sent(pages: PageContext, member: Member, receiver: str, since_at: datetime) -> Delivery | None:
    newest = page_deliveries(pages.database, member.person.scope, limit=1, receiver=receiver).deliveries
    return newest[0] if newest and newest[0].queued_at >= since_at else None


def _receivers(pages: PageContext, member: Member, **shown: Any) -> Response:  # noqa: ANN401 - for the template
    usual: dict[str, Any] = {
        "refusal": None,
        "is_misnamed": False,
        "has_no_address": False,
        "made": None,
        "tried": None,
        "answer": None,
        "name": "",
    }
    is_refused = bool({"refusal", "is_misnamed", "has_no_address"} & shown.keys())
    return pages.show(
        "receivers.html",
        member.visitor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK,
        receivers=list_receivers(pages.database, member.person.scope),
        longest_name=LONGEST_NAME,
        longest_address=LONGEST_ADDRESS,
        **(usual | shown),
    )
