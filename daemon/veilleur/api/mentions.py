"""Operations on mentions: search, read one with its raw notification, count."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from veilleur.api import answers
from veilleur.api.admission import ReaderScopeHere
from veilleur.api.context import Context, context_of
from veilleur.api.kept_answers import keep_answer
from veilleur.api.one_thread import OneThreadRoute
from veilleur.api.parameters import (
    FIRST_ROWS,
    AskedQuestion,
    Cursor,
    Language,
    Limit,
    MentionKey,
    OrderedBy,
    PhraseLanguage,
)
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.writing import json_answer, page_fields
from veilleur.campaigns.origins import Origins
from veilleur.model.identity import MentionId
from veilleur.model.listing import Order
from veilleur.model.wire import mention_fields, notification_detail_fields
from veilleur.query.explaining import explain
from veilleur.query.window import has_times, window_of
from veilleur.store import mentions as stored
from veilleur.store.coverage import completeness
from veilleur.store.notifications import get_notification


def mention_router() -> APIRouter:
    """Return the operations on mentions."""
    router = APIRouter(tags=["mentions"], route_class=OneThreadRoute)
    router.add_api_route("/mentions", search_mentions, summary="Search mentions", response_model=answers.MentionPage)
    router.add_api_route(
        "/mentions/{mention_id}", read_mention, summary="Read one mention", response_model=answers.MentionDetail
    )
    router.add_api_route("/explain", explain_query, summary="Say what a query means", response_model=answers.Meaning)
    return router


async def explain_query(
    _scope: ReaderScopeHere, question: AskedQuestion, language: PhraseLanguage = Language.ENGLISH
) -> Response:
    """Answer with what a query means in words; times are told in `zone`."""
    meaning = explain(question.query, language=language, zone=question.zone)
    return json_answer({"query": question.text, "language": language, "meaning": meaning})


async def search_mentions(  # noqa: PLR0913, PLR0917 - an operation's parameters are its query's
    request: Request,
    scope: ReaderScopeHere,
    question: AskedQuestion,
    limit: Limit = FIRST_ROWS,
    cursor: Cursor = None,
    order: OrderedBy = Order.NEWEST,
) -> Response:
    """Answer with the mentions that a query asks for, newest first, a page at a time.

    Following `next_cursor` to its end gives every mention once, also while new ones arrive. A page may hold fewer than
    `limit` and yet not be the last, where a query asks what no index knows (`confidence:`, `count:`, `app:` …).
    """
    query = question.query
    with context_of(request).database.snapshot() as state:
        page = stored.page_mentions(state, scope, query, limit=limit, cursor=cursor, order=order)
        told = list(Origins(state, scope).told(page.mentions))
        unseen = completeness(state, scope, window_of(query))
    rows = list(map(mention_fields, told))
    answer = json_answer(page_fields("mentions", rows, page.next_cursor, unseen))
    if not has_times(query):
        keep_answer(request, answer)
    return answer


async def read_mention(context: Context, scope: ReaderScopeHere, mention_id: MentionKey) -> Response:
    """Answer with one mention and the raw notification that told it first."""
    mention = stored.get_mention(context.database, scope, MentionId(mention_id))
    if mention is None:
        detail = "There is no mention of this id that this token may read."
        raise Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail=detail))
    told_by = get_notification(context.database, scope, mention.notification_id)
    notification = None if told_by is None else notification_detail_fields(told_by)
    (told,) = Origins(context.database, scope).told([mention])
    return json_answer({"mention": mention_fields(told), "notification": notification})
