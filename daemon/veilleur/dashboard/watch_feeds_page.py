"""The Atom feeds of a watch: made, their link shown once, renewed and revoked."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from starlette.responses import RedirectResponse

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.forms import MemberForm
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.dashboard.watches_page import WatchName, found_watch
from veilleur.model.feed import feed_link
from veilleur.model.scope import TokenScope
from veilleur.model.watch import Watch
from veilleur.store.feeds import make_feed, page_feeds, renew_feed, revoke_feed

_PATH: Final = "/watches/{name}/feeds"
_SHOWN: Final = 100
_MOST_ID: Final = 2**63 - 1

FeedNumber = Annotated[int, Path(ge=1, le=_MOST_ID)]


def watch_feeds_router() -> APIRouter:
    """Return the routes of a watch's feeds."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(_PATH, show_feeds, methods=["GET", "HEAD"])
    router.add_api_route(_PATH, make, methods=["POST"])
    router.add_api_route(_PATH + "/{feed_id}/renewal", renew, methods=["POST"])
    router.add_api_route(_PATH + "/{feed_id}/revocation", revoke, methods=["POST"])
    return router


def show_feeds(pages: Pages, member: SignedInMember, name: WatchName) -> Response:
    """Answer with the feeds of a watch, and the form that makes another one."""
    return _feeds(pages, member, found_watch(pages, member, name))


def make(pages: Pages, member: SignedInMember, request: Request, name: WatchName, fields: MemberForm) -> Response:
    """Make a feed and show its link, this once."""
    member.require(TokenScope.WRITE_CASES)
    with_private = "private" in fields
    if with_private:
        member.require(TokenScope.READ_PRIVATE)
    watch, by = found_watch(pages, member, name), member.person.name
    scope, now, language = member.person.scope, pages.clock(), member.visitor.language
    _, secret = make_feed(pages.database, scope, watch, with_private=with_private, by=by, now=now, language=language)
    return _feeds(pages, member, watch, link=feed_link(str(request.base_url), secret))


def renew(
    pages: Pages, member: SignedInMember, request: Request, name: WatchName, feed_id: FeedNumber, _fields: MemberForm
) -> Response:
    """Give a feed another link and show it, this once; the one before leads nowhere any more."""
    member.require(TokenScope.WRITE_CASES)
    watch = found_watch(pages, member, name)
    secret = renew_feed(pages.database, member.person.scope, feed_id, now=pages.clock())
    if secret is None:
        raise NothingHere
    return _feeds(pages, member, watch, link=feed_link(str(request.base_url), secret))


def revoke(pages: Pages, member: SignedInMember, name: WatchName, feed_id: FeedNumber, _fields: MemberForm) -> Response:
    """Close a feed at once and for ever."""
    member.require(TokenScope.WRITE_CASES)
    by, now = member.person.name, pages.clock()
    if not revoke_feed(pages.database, member.person.scope, feed_id, by=by, now=now):
        raise NothingHere
    return RedirectResponse(f"/watches/{quote(name, safe='')}/feeds", HTTPStatus.SEE_OTHER)


def _feeds(pages: PageContext, member: Member, watch: Watch, **shown: Any) -> Response:  # noqa: ANN401 - for the template
    page = page_feeds(pages.database, member.person.scope, limit=_SHOWN, watch=watch.name)
    may_read_private = member.person.scope.may_read_private
    return pages.show(
        "watch_feeds.html",
        member.visitor,
        watch=watch,
        feeds=page.feeds,
        may_read_private=may_read_private,
        **({"link": None} | shown),
    )
