"""The coverage calendar: what each device did not see, day by day, four weeks at a time, in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from msgspec import Struct

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.page_route import PageRoute
from veilleur.dashboard.seen_days import SeenDay, seen_days
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.coverage import CoverageFilter
from veilleur.model.device_health import DeviceHealth
from veilleur.store.coverage import list_coverage
from veilleur.store.device_health import read_device_health
from veilleur.store.devices import list_devices

_PATH: Final = "/state/coverage"
_SHOWN: Final = timedelta(weeks=4)

_Through = Annotated[date | None, Query()]


class DeviceCalendar(Struct, frozen=True):
    """A device and the days of the time shown on which it was there."""

    health: DeviceHealth
    days: tuple[SeenDay, ...]


def coverage_router() -> APIRouter:
    """Return the route of the calendar."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(_PATH, show_coverage, methods=["GET", "HEAD"])
    return router


def show_coverage(pages: Pages, member: SignedInMember, through: _Through = None) -> Response:
    """Answer with four weeks of every device, the last of which ends with the day `through`, else today."""
    now, zone, scope = pages.clock(), member.visitor.zone, member.person.scope
    today = now.astimezone(zone).date()
    last = min(through or today, today)
    first = last - _SHOWN + timedelta(days=1)
    begins_at = datetime(first.year, first.month, first.day, tzinfo=zone)
    ends_at = min(datetime(last.year, last.month, last.day, tzinfo=zone) + timedelta(days=1), now)
    devices = [read_device_health(pages.database, scope, one.name) for one in list_devices(pages.database, scope)]
    return pages.show(
        "coverage.html",
        member.visitor,
        calendars=[_calendar(pages, member, one, begins_at, ends_at) for one in devices if one is not None],
        first=first,
        last=last,
        earlier=last - _SHOWN,
        later=None if last == today else min(last + _SHOWN, today),
    )


def _calendar(
    pages: PageContext, member: Member, health: DeviceHealth, begins_at: datetime, ends_at: datetime
) -> DeviceCalendar:
    since_at = max(begins_at, health.device.first_seen_at)
    asked = CoverageFilter(since_at=since_at, until_at=ends_at, device=health.device.name)
    unseen = list_coverage(pages.database, member.person.scope, asked)
    return DeviceCalendar(health, tuple(seen_days(unseen.intervals, member.visitor.zone, since_at, ends_at)))
