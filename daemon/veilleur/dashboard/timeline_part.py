"""The timeline above the stream: how many of a query's mentions happened when, and when nobody was looking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from msgspec import Struct

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.narrowing import during
from veilleur.dashboard.page_route import PageRoute
from veilleur.dashboard.spans import merged
from veilleur.dashboard.stream_page import QueryText, known_query
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.counts import Bucket, Grain, Timeline
from veilleur.model.coverage import CoverageCause, CoverageFilter
from veilleur.model.trends import KeptBurst, TrendKind
from veilleur.query.expression import Query as AskedQuery
from veilleur.query.matching import matchable, matcher
from veilleur.store.coverage import completeness
from veilleur.store.mentions_by_id import read_mentions
from veilleur.store.timeline import read_timeline
from veilleur.store.trend_bursts import page_bursts

_HOURS_UP_TO_DAYS: Final = 4
_DAYS_UP_TO: Final = 180
_TABLE_ROWS: Final = 100
_A_MOMENT: Final = timedelta(microseconds=1)
_MOST_BURSTS: Final = 100
_LISTED_BURSTS: Final = 5

AskedGrain = Annotated[Grain | None, Query()]


class TimelineRow(Struct, frozen=True):
    """A bucket, and the query that shows it alone."""

    bucket: Bucket
    query: str


def timeline_router() -> APIRouter:
    """Return the route of the timeline."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route("/stream/timeline", show_timeline, methods=["GET"])
    return router


def show_timeline(pages: Pages, member: SignedInMember, text: QueryText = "", grain: AskedGrain = None) -> Response:
    """Answer with the timeline of a query; without a grain, with the one that its span is best seen in."""
    query = known_query(pages, member, text)
    read = _read(pages, member, query, grain) if grain else _fitting(pages, member, query)
    bursts = _bursts(pages, member, query, read)
    return pages.show(
        "parts/timeline.html",
        member.visitor,
        text=text,
        timeline=read,
        grains=tuple(Grain),
        chart=_chart(pages, member, text, read, bursts),
        bursts=bursts[:_LISTED_BURSTS],
        more_bursts=len(bursts) > _LISTED_BURSTS,
        rows=[TimelineRow(one, _narrowed(member, text, read.grain, one)) for one in reversed(read.buckets)][
            :_TABLE_ROWS
        ],
    )


def _fitting(pages: PageContext, member: Member, query: AskedQuery) -> Timeline:
    days = _read(pages, member, query, Grain.DAY)
    if len(days.buckets) <= _HOURS_UP_TO_DAYS:
        return _read(pages, member, query, Grain.HOUR)
    return days if len(days.buckets) <= _DAYS_UP_TO else _read(pages, member, query, Grain.WEEK)


def _read(pages: PageContext, member: Member, query: AskedQuery, grain: Grain) -> Timeline:
    scope, zone = member.person.scope, member.visitor.zone
    return read_timeline(pages.database, scope, query, grain=grain, zone=zone, now=pages.clock())


def _bursts(pages: PageContext, member: Member, query: AskedQuery, read: Timeline) -> Sequence[KeptBurst]:
    """Return the bursts of the timeline's time that a mention of the query gave away, the newest first."""
    if not read.buckets:
        return ()
    scope, since_at, until_at = member.person.scope, read.buckets[0].starts_at, read.buckets[-1].ends_at
    page = page_bursts(pages.database, scope, limit=_MOST_BURSTS, since_at=since_at, until_at=until_at)
    if query.expression is None or not page.bursts:
        return page.bursts
    matches = matcher(query)
    named = {mention_id for one in page.bursts for mention_id in one.mention_ids}
    found = read_mentions(pages.database, scope, named)
    matching = {mention_id for mention_id, mention in found.items() if matches(matchable(mention))}
    return [one for one in page.bursts if matching.intersection(one.mention_ids)]


def _chart(
    pages: PageContext, member: Member, text: str, read: Timeline, bursts: Sequence[KeptBurst]
) -> dict[str, object] | None:
    """Return what the script draws, in seconds since 1970: buckets and what each narrows the query to, gaps, bursts."""
    if not read.buckets:
        return None
    since_at, until_at = read.buckets[0].starts_at, read.buckets[-1].ends_at
    return {
        "starts": [one.starts_at.timestamp() for one in read.buckets],
        "end": until_at.timestamp(),
        "counts": [one.count for one in read.buckets],
        "queries": [_narrowed(member, text, read.grain, one) for one in read.buckets],
        "bursts": [(one.burst.began_at.timestamp(), one.burst.seen_at.timestamp(), _name(one)) for one in bursts],
        "gaps": _gaps(pages, member, since_at, min(until_at, pages.clock())),
    }


def _gaps(pages: PageContext, member: Member, since_at: datetime, until_at: datetime) -> Sequence[tuple[float, float]]:
    unseen = completeness(pages.database, member.person.scope, CoverageFilter(since_at=since_at, until_at=until_at))
    spans = (
        (max(one.since_at, since_at), min(one.until_at or until_at, until_at))
        for one in unseen.intervals
        if one.cause is not CoverageCause.DROPPED
    )
    return [(since.timestamp(), until.timestamp()) for since, until in merged(spans)]


def _name(one: KeptBurst) -> str:
    """Return what a burst is of, where its key says it."""
    match one.burst.key.kind:
        case TrendKind.HASHTAG:
            return f"#{one.burst.key.value}"
        case TrendKind.ACTOR:
            return one.burst.key.value.partition(":")[2]
        case TrendKind.WORD:
            return one.burst.key.value
        case TrendKind.CONVERSATION:
            return ""


def _narrowed(member: Member, text: str, grain: Grain, bucket: Bucket) -> str:
    zone = member.visitor.zone
    since_at, until_at = bucket.starts_at.astimezone(zone), bucket.ends_at.astimezone(zone)
    match grain:
        case Grain.HOUR:
            return during(text, f"since:{since_at:%Y-%m-%dT%H:%M} until:{until_at:%Y-%m-%dT%H:%M}")
        case Grain.DAY:
            return during(text, f"on:{since_at:%Y-%m-%d}")
        case Grain.WEEK:
            last = (bucket.ends_at - _A_MOMENT).astimezone(zone)
            return during(text, f"since:{since_at:%Y-%m-%d} until:{last:%Y-%m-%d}")
