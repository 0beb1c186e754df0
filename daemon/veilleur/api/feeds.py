"""Operations on feeds of watches; the feeds themselves are in `feed_documents`."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response

from veilleur.api import feed_shapes as shapes
from veilleur.api.admission import CaseWriter, ReaderScope
from veilleur.api.context import Context
from veilleur.api.parameters import FIRST_ROWS, Cursor, Limit
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.watches import WatchName, found_watch
from veilleur.api.writing import json_answer
from veilleur.model.feed import MadeFeed, feed_link
from veilleur.model.scope import TokenScope
from veilleur.model.wire import feed_fields, made_feed_fields
from veilleur.store import feeds as stored

_MOST_ID: Final = 2**63 - 1
FeedKey = Annotated[
    int, Path(ge=1, le=_MOST_ID, description="A feed's number.", openapi_examples={"feed": {"value": 1}})
]


def feed_router() -> APIRouter:
    """Return the operations on feeds."""
    router = APIRouter(tags=["watches"])
    for path, operation, method, summary, model in (
        ("/feeds", list_feeds, "GET", "List feeds", shapes.FeedList),
        ("/watches/{name}/feeds", make_feed, "POST", "Make a feed of a watch", shapes.MadeFeed),
        ("/feeds/{feed_id}/renew", renew_feed, "POST", "Give a feed another link", shapes.MadeFeed),
        ("/feeds/{feed_id}", revoke_feed, "DELETE", "Revoke a feed", shapes.Feed),
    ):
        router.add_api_route(path, operation, methods=[method], summary=summary, response_model=model)
    return router


def list_feeds(context: Context, scope: ReaderScope, limit: Limit = FIRST_ROWS, cursor: Cursor = None) -> Response:
    """Answer with the feeds of the project's watches, revoked ones included, without their links.

    A token without `read:private` is not told of those that show private mentions.
    """
    page = stored.page_feeds(context.database, scope, limit=limit, cursor=cursor)
    return json_answer({"feeds": [feed_fields(one) for one in page.feeds], "next_cursor": page.next_cursor})


def make_feed(
    context: Context, writer: CaseWriter, request: Request, name: WatchName, body: shapes.FeedShape
) -> Response:
    """Make a feed, and answer with its link, this once; needs the scope `write:cases`.

    It shows what is public, and with `with_private` what the token sees: that needs `read:private`.
    """
    if body.with_private and not writer.scope.may_read_private:
        private = TokenScope.READ_PRIVATE
        detail = f"A feed of private mentions needs a token with the scope {private}."
        raise Refusal(Problem(kind=ProblemKind.MISSING_SCOPE, detail=detail, missing_scope=private))
    watch = found_watch(context, writer.scope, name)
    feed, secret = stored.make_feed(
        context.database,
        writer.scope,
        watch,
        with_private=body.with_private,
        by=writer.name,
        now=context.clock(),
        language=body.language,
    )
    return json_answer(made_feed_fields(MadeFeed(feed, feed_link(str(request.base_url), secret))))


def renew_feed(context: Context, writer: CaseWriter, request: Request, feed_id: FeedKey) -> Response:
    """Answer with another link, this once: the one before leads nowhere any more; needs the scope `write:cases`."""
    secret = stored.renew_feed(context.database, writer.scope, feed_id, now=context.clock())
    feed = stored.find_feed(context.database, writer.scope, feed_id)
    if secret is None or feed is None:
        raise _unknown()
    return json_answer(made_feed_fields(MadeFeed(feed, feed_link(str(request.base_url), secret))))


def revoke_feed(context: Context, writer: CaseWriter, feed_id: FeedKey) -> Response:
    """Close a feed at once and for ever, and answer with it; needs the scope `write:cases`."""
    is_revoked = stored.revoke_feed(context.database, writer.scope, feed_id, by=writer.name, now=context.clock())
    feed = stored.find_feed(context.database, writer.scope, feed_id)
    if not is_revoked or feed is None:
        raise _unknown()
    return json_answer(feed_fields(feed))


def _unknown() -> Refusal:
    detail = "There is no feed of this number that this token may know of, or it is revoked."
    return Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail=detail))
