"""Feeds as their readers ask for them: a secret link instead of a token, and conditions on which nothing is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Header, Request, Response

from veilleur.api.context import ApiContext, Context
from veilleur.api.parameters import Cursor
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.writing import ConditionalAnswer
from veilleur.campaigns.origins import Origins
from veilleur.exports.atom import MEDIA_TYPE, FeedAddresses, FeedContent, atom_feed
from veilleur.model.feed import FEED_ENDING, OpenedFeed, feed_link
from veilleur.model.scope import Scope
from veilleur.query.window import window_of
from veilleur.store import feeds as stored
from veilleur.store.coverage import completeness
from veilleur.store.edits import first_wordings
from veilleur.store.mentions import page_mentions
from veilleur.watches.asking import asked_now

_ROWS: Final = 100
_SECOND: Final = timedelta(seconds=1)
_KEPT_BY_READERS: Final = {"Cache-Control": "private, no-cache"}
_IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match")]
_IfModifiedSince = Annotated[str | None, Header(alias="If-Modified-Since")]


def feed_document_router() -> APIRouter:
    """Return what answers at the links of feeds; it is no operation of the API, and needs no token."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route(f"/feeds/{{secret}}{FEED_ENDING}", read_feed, methods=["GET", "HEAD"])
    return router


def read_feed(  # noqa: PLR0913, PLR0917 - a request's parts
    context: Context,
    request: Request,
    secret: str,
    cursor: Cursor = None,
    held: _IfNoneMatch = None,
    held_since: _IfModifiedSince = None,
) -> Response:
    """Answer with a page of a feed, the newest mentions first."""
    opened = stored.open_feed(context.database, secret)
    if opened is None:
        raise _nothing("There is no feed at this link, or it was given another.")
    if opened.feed.revoked_at is not None:
        return Response("This feed was revoked.\n", HTTPStatus.GONE, media_type="text/plain")
    if opened.watch.archived_at is not None:
        raise _nothing("The watch of this feed is archived: it goes on where the watch is restored.")
    document = _document(context, opened, str(request.base_url), secret, cursor)
    headers = _KEPT_BY_READERS | ({} if cursor else _since_header(context, opened, document))
    modified = headers.get("Last-Modified")
    if held is None and modified is not None and _has_since(held_since, modified):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return ConditionalAnswer(document, headers=headers, media_type=MEDIA_TYPE)


def _document(context: ApiContext, opened: OpenedFeed, base: str, secret: str, cursor: str | None) -> bytes:
    scope = Scope(opened.feed.project, may_read_private=opened.feed.may_read_private)
    query = asked_now(opened.watch.query, opened.watch.zone, context.clock())
    page = page_mentions(context.database, scope, query, limit=_ROWS, cursor=cursor)
    mentions = tuple(Origins(context.database, scope).told(page.mentions))
    content = FeedContent(
        mentions=mentions,
        amended_at=stored.amended_at(context.database, [one.id for one in mentions if one.deleted or one.edited]),
        unseen=completeness(context.database, scope, window_of(query)),
        first_ids=first_wordings(context.database, [one.id for one in mentions if one.edited]),
    )
    link = feed_link(base, secret)
    following = None if page.next_cursor is None else f"{link}?{urlencode({'cursor': page.next_cursor})}"
    where = FeedAddresses(
        page=f"{link}?{urlencode({'cursor': cursor})}" if cursor else link,
        following=following,
        mentions=f"{base}mentions",
    )
    return atom_feed(opened, content, where, zone=ZoneInfo(opened.watch.zone))


def _since_header(context: ApiContext, opened: OpenedFeed, document: bytes) -> dict[str, str]:
    """Return since when the feed is as it is; nothing in that very second, in which it may become another yet."""
    now = context.clock()
    since = stored.shown_since(context.database, opened.feed, document, now=now).replace(microsecond=0)
    return {"Last-Modified": format_datetime(since, usegmt=True)} if now - since >= _SECOND else {}


def _has_since(held_since: str | None, modified: str) -> bool:
    try:
        return held_since is not None and _instant(held_since) >= _instant(modified)
    except (ValueError, OverflowError):
        return False


def _instant(text: str) -> datetime:
    at = parsedate_to_datetime(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _nothing(detail: str) -> Refusal:
    return Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail=detail))
