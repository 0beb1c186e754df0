"""The page of a hashtag and that of an actor: what, when, where and with whom, and the mentions themselves."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Response
from msgspec import Struct

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.narrowing import HASHTAG, term_of
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.spans import covered_s
from veilleur.dashboard.stream_page import known_query, today_of
from veilleur.dashboard.stream_rows import read_page
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.counts import Facet, FacetCounts
from veilleur.query.window import window_of
from veilleur.store.coverage import completeness
from veilleur.store.facets import read_facets

_ROWS: Final = 20
_LISTED: Final = 10
_SHOWN_INTERVALS: Final = 12
_LONGEST: Final = 300
_MAYBE_HANDLE: Final = re.compile(r"[\w.]+")
_PUBLIC: Final = (Facet.KIND, Facet.PLATFORM, Facet.HASHTAG, Facet.ACTOR, Facet.DEVICE)

HashtagName = Annotated[str, Path(min_length=1, max_length=_LONGEST)]
PlatformName = Annotated[str, Query(min_length=1, max_length=64)]
Who = Annotated[str, Query(min_length=1, max_length=_LONGEST)]


class Topic(Struct, frozen=True):
    """A hashtag (its name without the sign), or an actor of a platform, and the query that finds its mentions."""

    title: str
    query: str
    hashtag: str | None = None
    platform: str | None = None


def topic_router() -> APIRouter:
    """Return the routes of hashtags and actors."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route("/hashtags/{tag}", show_hashtag, methods=["GET", "HEAD"])
    router.add_api_route("/accounts", show_account, methods=["GET", "HEAD"])
    return router


def show_hashtag(pages: Pages, member: SignedInMember, tag: HashtagName) -> Response:
    """Answer with the page of a hashtag, written with or without its sign."""
    name = tag.removeprefix(HASHTAG).casefold()
    return _topic(pages, member, Topic(f"#{name}", term_of(HASHTAG, name), hashtag=name))


def show_account(pages: Pages, member: SignedInMember, platform: PlatformName, who: Who) -> Response:
    """Answer with the page of an actor, named by a handle with its @, else by the words of a name."""
    named = term_of("from", who)
    if _MAYBE_HANDLE.fullmatch(who):
        named = f"({named} OR from:@{who})"
    return _topic(pages, member, Topic(who, f"{term_of('platform', platform)} {named}", platform=platform))


def _topic(pages: PageContext, member: Member, topic: Topic) -> Response:
    query, scope = known_query(pages, member, topic.query), member.person.scope
    if query.expression is None:
        raise NothingHere
    facets = (*_PUBLIC, Facet.CONVERSATION) if scope.may_read_private else _PUBLIC
    counted = {one.facet: one for one in read_facets(pages.database, scope, query, facets, limit=_LISTED + 1)}
    unseen = completeness(pages.database, scope, window_of(query))
    return pages.show(
        "topic.html",
        member.visitor,
        topic=topic,
        text=topic.query,
        total=counted[Facet.KIND].total,
        counted_since_at=counted[Facet.KIND].counted_since_at,
        counted=_shown(counted, topic),
        page=read_page(pages.database, member, query, today_of(pages, member), limit=_ROWS),
        today=today_of(pages, member),
        unseen=unseen,
        unseen_s=covered_s((one.since_at, one.until_at or pages.clock()) for one in unseen.intervals),
        shown_intervals=_SHOWN_INTERVALS,
    )


def _shown(counted: dict[Facet, FacetCounts], topic: Topic) -> dict[str, list[Any]]:
    """Return the counts by the name of their facet, without the topic itself."""
    own = {Facet.HASHTAG: topic.hashtag}
    return {
        facet.value: [one for one in found.counts if one.key != own.get(facet)][:_LISTED]
        for facet, found in counted.items()
    }
