"""Operations on mentions: search, read one with its raw notification, count."""

from __future__ import annotations

from fastapi import APIRouter, Response

from veilleur.api import answers
from veilleur.api.admission import ReaderScope
from veilleur.api.context import Context
from veilleur.api.parameters import FIRST_ROWS, AskedQuery, CountedBy, Cursor, Limit, MentionKey
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.writing import json_answer, listing_fields, page_fields
from veilleur.model.identity import MentionId
from veilleur.model.listing import CountBy
from veilleur.model.wire import count_fields, mention_fields, notification_detail_fields
from veilleur.query.window import window_of
from veilleur.store import mentions as stored
from veilleur.store.coverage import completeness
from veilleur.store.notifications import get_notification


def mention_router() -> APIRouter:
    """Return the operations on mentions."""
    router = APIRouter(tags=["mentions"])
    router.add_api_route("/mentions", search_mentions, summary="Search mentions", response_model=answers.MentionPage)
    router.add_api_route(
        "/mentions/{mention_id}", read_mention, summary="Read one mention", response_model=answers.MentionDetail
    )
    router.add_api_route("/counts", count_mentions, summary="Count mentions", response_model=answers.CountList)
    return router


def search_mentions(
    context: Context, scope: ReaderScope, query: AskedQuery, limit: Limit = FIRST_ROWS, cursor: Cursor = None
) -> Response:
    """Answer with the mentions that a query asks for, newest first, a page at a time.

    Following `next_cursor` to its end gives every mention once, also while new ones arrive.
    """
    page = stored.page_mentions(context.database, scope, query, limit=limit, cursor=cursor)
    rows = [mention_fields(mention) for mention in page.mentions]
    unseen = completeness(context.database, scope, window_of(query))
    return json_answer(page_fields("mentions", rows, page.next_cursor, unseen))


def read_mention(context: Context, scope: ReaderScope, mention_id: MentionKey) -> Response:
    """Answer with one mention and the raw notification that told it first."""
    mention = stored.get_mention(context.database, scope, MentionId(mention_id))
    if mention is None:
        detail = "There is no mention of this id that this token may read."
        raise Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail=detail))
    told_by = get_notification(context.database, scope, mention.notification_id)
    notification = None if told_by is None else notification_detail_fields(told_by)
    return json_answer({"mention": mention_fields(mention), "notification": notification})


def count_mentions(context: Context, scope: ReaderScope, query: AskedQuery, by: CountedBy = CountBy.KIND) -> Response:
    """Answer with how many of a query's mentions there are by kind, day, hashtag or platform.

    The 100 most frequent keys; of days the latest 100, which are days of UTC.
    """
    counts = stored.count_mentions(context.database, scope, query, by)
    rows = [count_fields(count) for count in counts]
    unseen = completeness(context.database, scope, window_of(query))
    return json_answer({"by": by} | listing_fields("counts", rows, unseen))
