"""Communities of hashtags: drawn, told in a table, and called what a person calls them."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Response
from msgspec import Struct
from starlette.responses import RedirectResponse

from veilleur.dashboard.community_drawing import HEIGHT, WIDTH, Drawing, draw_community
from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.forms import MemberForm
from veilleur.dashboard.page_route import PageRoute
from veilleur.dashboard.spans import covered_s
from veilleur.dashboard.trends_page import AskedSpan, Span, since_of
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.coverage import CoverageFilter
from veilleur.model.scope import TokenScope
from veilleur.model.trends import Community, CommunityGraph
from veilleur.model.watch import LONGEST_NAME, NAME_PATTERN
from veilleur.store.community_names import forget_name, name_community
from veilleur.store.coverage import completeness
from veilleur.trends.reading import read_community_graph

_PATH: Final = "/trends/communities"
_SHOWN: Final = 12
_MOST_TAGS: Final = 200
_SHOWN_INTERVALS: Final = 12


class ShownCommunity(Struct, frozen=True):
    """A community, its drawing, how often each hashtag was used, and the other communities that it touches."""

    community: Community
    drawing: Drawing
    uses: tuple[tuple[str, int], ...]
    touches: tuple[Community, ...]


def communities_router() -> APIRouter:
    """Return the routes of communities."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(_PATH, show_communities, methods=["GET", "HEAD"])
    router.add_api_route(_PATH + "/found", show_found, methods=["GET"])
    router.add_api_route(_PATH + "/names", name, methods=["POST"])
    router.add_api_route(_PATH + "/names/removal", unname, methods=["POST"])
    return router


def show_communities(pages: Pages, member: SignedInMember, span: AskedSpan = Span.MONTH) -> Response:
    """Answer with the page that loads the communities of a time."""
    return _page(pages, member, span)


def show_found(pages: Pages, member: SignedInMember, span: AskedSpan = Span.MONTH) -> Response:
    """Answer with the communities of a time, the most mentioned first."""
    since_at, now = since_of(pages, span)
    graph = read_community_graph(pages.database, member.person.scope, since_at=since_at, now=now)
    shown = [_shown(one, graph) for one in graph.communities[:_SHOWN]]
    return pages.show(
        "parts/communities.html",
        member.visitor,
        span=span,
        since_at=since_at,
        shown=shown,
        omitted=len(graph.communities) - len(shown),
        width=WIDTH,
        height=HEIGHT,
        longest_name=LONGEST_NAME,
    )


def name(pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Call a community something; it keeps the name as long as it keeps half of these hashtags."""
    member.require(TokenScope.WRITE_CASES)
    called, tags = fields.get("name", "").strip(), tuple(fields.get("hashtags", "").split()[:_MOST_TAGS])
    if re.fullmatch(NAME_PATTERN, called) is None or len(called) > LONGEST_NAME or not tags:
        return _page(pages, member, _span(fields), is_misnamed=True)
    scope, by = member.person.scope, member.person.name
    before = fields.get("before", "")
    if before and before != called:
        forget_name(pages.database, scope, before)
    name_community(pages.database, scope, called, tags, by=by, now=pages.clock())
    return _back(fields)


def unname(pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Take a community's name back: it is called by its first hashtag again."""
    member.require(TokenScope.WRITE_CASES)
    forget_name(pages.database, member.person.scope, fields.get("name", ""))
    return _back(fields)


def _page(pages: PageContext, member: Member, span: Span, *, is_misnamed: bool = False) -> Response:
    since_at, now = since_of(pages, span)
    unseen = completeness(pages.database, member.person.scope, CoverageFilter(since_at=since_at))
    return pages.show(
        "communities.html",
        member.visitor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_misnamed else HTTPStatus.OK,
        span=span,
        is_misnamed=is_misnamed,
        unseen=unseen,
        unseen_s=covered_s((max(one.since_at, since_at), one.until_at or now) for one in unseen.intervals),
        shown_intervals=_SHOWN_INTERVALS,
    )


def _shown(community: Community, graph: CommunityGraph) -> ShownCommunity:
    own = frozenset(community.hashtags)
    inside = [tie for tie in graph.ties if tie.one in own and tie.other in own]
    outside = {tag for tie in graph.ties for tag in (tie.one, tie.other) if {tie.one, tie.other} & own} - own
    return ShownCommunity(
        community,
        draw_community(community.hashtags, graph.uses, inside),
        tuple((tag, graph.uses.get(tag, 0)) for tag in community.hashtags),
        tuple(one for one in graph.communities if outside.intersection(one.hashtags)),
    )


def _span(fields: MemberForm) -> Span:
    asked = fields.get("span", "")
    return Span(asked) if asked in set(Span) else Span.MONTH


def _back(fields: MemberForm) -> Response:
    return RedirectResponse(f"{_PATH}?span={_span(fields)}", HTTPStatus.SEE_OTHER)
