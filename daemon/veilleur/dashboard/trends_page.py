"""Trends: what rose against before, bursts, messages passed on, and what reached another platform."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from msgspec import Struct

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.page_route import PageRoute
from veilleur.dashboard.spans import covered_s
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.coverage import CoverageFilter
from veilleur.model.mention import Mention
from veilleur.model.trends import Forward, TrendKind
from veilleur.store.coverage import completeness
from veilleur.store.mentions_by_id import read_mentions
from veilleur.store.trend_bursts import page_bursts
from veilleur.trends.reading import read_crossings, read_forwards, read_trends

_PATH: Final = "/trends"
_LISTED: Final = 15
_BURSTS: Final = 20
_SHOWN_INTERVALS: Final = 12


class Span(StrEnum):
    """The time that is looked at."""

    DAY = "1d"
    WEEK = "7d"
    MONTH = "30d"

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return timedelta(days=int(self.value.removesuffix("d")))


AskedSpan = Annotated[Span, Query(alias="span")]
AskedKind = Annotated[TrendKind, Query(alias="kind")]


class PassedOn(Struct, frozen=True):
    """A message that went from conversation to conversation: where it was first shown, and all of it."""

    forward: Forward
    first: Mention
    mentions: tuple[Mention, ...]


def trends_router() -> APIRouter:
    """Return the routes of trends: the page, and the parts that it loads by itself."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(_PATH, show_trends, methods=["GET", "HEAD"])
    router.add_api_route(_PATH + "/rising", show_rising, methods=["GET"])
    router.add_api_route(_PATH + "/forwards", show_forwards, methods=["GET"])
    router.add_api_route(_PATH + "/crossings", show_crossings, methods=["GET"])
    return router


def show_trends(pages: Pages, member: SignedInMember, span: AskedSpan = Span.DAY) -> Response:
    """Answer with the bursts of a time; what takes counting is loaded after it."""
    since_at, now = since_of(pages, span)
    unseen = completeness(pages.database, member.person.scope, CoverageFilter(since_at=since_at))
    return pages.show(
        "trends.html",
        member.visitor,
        span=span,
        spans=tuple(Span),
        bursts=page_bursts(pages.database, member.person.scope, limit=_BURSTS, since_at=since_at).bursts,
        unseen=unseen,
        unseen_s=covered_s((max(one.since_at, since_at), one.until_at or now) for one in unseen.intervals),
        shown_intervals=_SHOWN_INTERVALS,
        may_read_private=member.person.scope.may_read_private,
    )


def show_rising(pages: Pages, member: SignedInMember, kind: AskedKind, span: AskedSpan = Span.DAY) -> Response:
    """Answer with what of a kind came most above its usual, beside the seven times before."""
    since_at, now = since_of(pages, span)
    scope = member.person.scope
    found = read_trends(pages.database, scope, kind, since_at=since_at, now=now, limit=_LISTED)
    return pages.show("parts/rising.html", member.visitor, kind=kind, span=span, trends=found)


def show_forwards(pages: Pages, member: SignedInMember, span: AskedSpan = Span.DAY) -> Response:
    """Answer with the messages of a time that several conversations showed."""
    since_at, now = since_of(pages, span)
    found = read_forwards(pages.database, member.person.scope, since_at=since_at, now=now)
    return pages.show("parts/forwards.html", member.visitor, passed=_passed_on(pages, member, found[:_LISTED]))


def show_crossings(pages: Pages, member: SignedInMember, span: AskedSpan = Span.DAY) -> Response:
    """Answer with the handles and links of a time that stood on several platforms."""
    since_at, now = since_of(pages, span)
    found = read_crossings(pages.database, member.person.scope, since_at=since_at, now=now)
    return pages.show("parts/crossings.html", member.visitor, crossings=found[:_LISTED])


def since_of(pages: PageContext, span: Span) -> tuple[datetime, datetime]:
    """Return when a time that is looked at begins, and now."""
    now = pages.clock()
    return now - span.length, now


def _passed_on(pages: PageContext, member: Member, found: Sequence[Forward]) -> list[PassedOn]:
    named = {mention_id for one in found for mention_id in one.mention_ids}
    told = read_mentions(pages.database, member.person.scope, named)
    passed = []
    for one in found:
        mentions = tuple(told[mention_id] for mention_id in one.mention_ids if mention_id in told)
        if mentions:
            passed.append(PassedOn(one, mentions[0], mentions))
    return passed
