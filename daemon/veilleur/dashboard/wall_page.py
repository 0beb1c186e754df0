"""The wall: the newest mentions of a query, big, live and silent, for a screen that nobody touches."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Response

from veilleur.dashboard.context import Pages
from veilleur.dashboard.page_route import PageRoute
from veilleur.dashboard.spans import covered_s
from veilleur.dashboard.stream_page import QueryText, known_query, today_of
from veilleur.dashboard.stream_rows import read_page
from veilleur.dashboard.visits import SignedInMember
from veilleur.model.coverage import CoverageFilter
from veilleur.query.expression import Query as AskedQuery
from veilleur.query.expression import Since, all_of
from veilleur.store.alarms import list_alarms
from veilleur.store.changes import newest_cursor
from veilleur.store.coverage import completeness
from veilleur.store.mentions import total_mentions

_ROWS: Final = 12
_AN_HOUR: Final = timedelta(hours=1)


def wall_router() -> APIRouter:
    """Return the routes of the wall."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route("/wall", show_wall, methods=["GET", "HEAD"])
    router.add_api_route("/wall/figures", show_figures, methods=["GET"])
    return router


def show_wall(pages: Pages, member: SignedInMember, text: QueryText = "") -> Response:
    """Answer with the newest mentions; new ones come to the top by themselves, and the oldest go."""
    query = known_query(pages, member, text)
    change_cursor = newest_cursor(pages.database, member.person.scope)
    page = read_page(pages.database, member, query, today_of(pages, member), limit=_ROWS)
    return pages.show(
        "wall.html",
        member.visitor,
        text=text,
        rows=page.rows,
        today=today_of(pages, member),
        most_rows=_ROWS,
        change_cursor=change_cursor,
    )


def show_figures(pages: Pages, member: SignedInMember, text: QueryText = "") -> Response:
    """Answer with how many came today and in the last hour, what was not seen today, and what is wrong now."""
    query, scope, now = known_query(pages, member, text), member.person.scope, pages.clock()
    midnight = now.astimezone(member.visitor.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    spans = {"today": midnight, "hour": now - _AN_HOUR}
    asked = [] if query.expression is None else [query.expression]
    counts = {
        name: total_mentions(pages.database, scope, AskedQuery(all_of([Since(since_at), *asked])))
        for name, since_at in spans.items()
    }
    unseen = completeness(pages.database, scope, CoverageFilter(since_at=midnight, until_at=now))
    spans_of_day = ((max(one.since_at, midnight), min(one.until_at or now, now)) for one in unseen.intervals)
    return pages.show(
        "parts/wall_figures.html",
        member.visitor,
        counts=counts,
        unseen=unseen,
        unseen_s=covered_s(spans_of_day),
        readiness=pages.readiness(),
        alarms=list_alarms(pages.database, scope, is_open=True),
    )
