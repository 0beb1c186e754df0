"""Devices: how each is, what it did not see day by day, and pairing another one."""

from __future__ import annotations

import re
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final, TypedDict

from fastapi import APIRouter, Path, Response
from starlette.responses import RedirectResponse

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.forms import Fields, MemberForm
from veilleur.dashboard.operations import Refused
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.seen_days import seen_days
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.coverage import CoverageFilter
from veilleur.model.scope import TokenScope
from veilleur.store.coverage import list_coverage
from veilleur.store.device_health import read_device_health
from veilleur.store.devices import list_devices

DEVICE_NAME: Final = re.compile("[a-z0-9-]{1,64}")
_CALENDAR_DAYS: Final = 28
_SHOWN_INTERVALS: Final = 30

DeviceKey = Annotated[str, Path(pattern="^[a-z0-9-]{1,64}$")]


def devices_router() -> APIRouter:
    """Return the routes of devices."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route("/devices", show_devices, methods=["GET", "HEAD"])
    router.add_api_route("/devices", pair, methods=["POST"])
    router.add_api_route("/devices/{name}", show_device, methods=["GET", "HEAD"])
    return router


def show_devices(pages: Pages, member: SignedInMember) -> Response:
    """Answer with every device and the form that pairs another one."""
    return _devices(pages, member)


def pair(pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Make a pairing code and lead to the page that shows it once; or say why there is none."""
    member.require(TokenScope.ADMIN)
    name = fields.get("device", "").strip().lower()
    if DEVICE_NAME.fullmatch(name) is None:
        return _devices(pages, member, name=name, is_misnamed=True)
    try:
        path = pages.operations.pair(member.person.scope, name, **pairing_ways(fields, member))
    except Refused as refused:
        return _devices(pages, member, name=name, refusal=str(refused))
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


class PairingWays(TypedDict):
    """How a tablet reaches the broker; whether it opens to the network is a matter of the whole server."""

    over_usb: bool
    opens_network: bool


def pairing_ways(fields: Fields, member: Member) -> PairingWays:
    """Return what a form asks for, as far as this person may ask for it."""
    return {
        "over_usb": fields.get("reach") == "usb",
        "opens_network": "opens" in fields and member.person.runs_server,
    }


def show_device(pages: Pages, member: SignedInMember, name: DeviceKey) -> Response:
    """Answer with how a device is and what it did not see in four weeks."""
    scope, now = member.person.scope, pages.clock()
    health = read_device_health(pages.database, scope, name)
    if health is None:
        raise NothingHere
    since_at = now - timedelta(days=_CALENDAR_DAYS)
    unseen = list_coverage(pages.database, scope, CoverageFilter(since_at=since_at, device=name))
    first_at = max(since_at, health.device.first_seen_at)
    return pages.show(
        "device.html",
        member.visitor,
        health=health,
        days=list(seen_days(unseen.intervals, member.visitor.zone, first_at, now)),
        intervals=unseen.intervals[:_SHOWN_INTERVALS],
    )


def _devices(
    pages: PageContext, member: Member, *, name: str = "", is_misnamed: bool = False, refusal: str | None = None
) -> Response:
    scope = member.person.scope
    listed = [read_device_health(pages.database, scope, one.name) for one in list_devices(pages.database, scope)]
    is_refused = is_misnamed or refusal is not None
    return pages.show(
        "devices.html",
        member.visitor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK,
        devices=[one for one in listed if one is not None],
        name=name,
        is_misnamed=is_misnamed,
        refusal=refusal,
    )
