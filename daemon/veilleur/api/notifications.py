"""Operations on the raw log: what arrived and what became of it."""

from __future__ import annotations

from fastapi import APIRouter, Response

from veilleur.api import answers
from veilleur.api.admission import ReaderScope
from veilleur.api.context import Context
from veilleur.api.parameters import FIRST_ROWS, Cursor, Limit, LogFrom, NotificationKey, OutcomeFilter
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.writing import json_answer, page_fields
from veilleur.model.identity import NotificationId
from veilleur.model.listing import LogOrder
from veilleur.model.wire import notification_detail_fields, notification_fields
from veilleur.store.coverage import completeness
from veilleur.store.notifications import get_notification, page_notifications


def notification_router() -> APIRouter:
    """Return the operations on raw notifications."""
    router = APIRouter(prefix="/notifications", tags=["notifications"])
    router.add_api_route("", list_notifications, summary="List the raw log", response_model=answers.NotificationPage)
    router.add_api_route(
        "/{notification_id}",
        read_notification,
        summary="Read one raw notification",
        response_model=answers.NotificationDetail,
    )
    return router


def list_notifications(  # noqa: PLR0913, PLR0917 - what the operation is asked by
    context: Context,
    scope: ReaderScope,
    limit: Limit = FIRST_ROWS,
    cursor: Cursor = None,
    outcome: OutcomeFilter = None,
    order: LogFrom = LogOrder.NEWEST,
) -> Response:
    """Answer with raw notifications and what became of them, the latest stored first."""
    page = page_notifications(context.database, scope, limit=limit, cursor=cursor, outcome=outcome, order=order)
    rows = [notification_fields(row) for row in page.notifications]
    unseen = completeness(context.database, scope)
    return json_answer(page_fields("notifications", rows, page.next_cursor, unseen))


def read_notification(context: Context, scope: ReaderScope, notification_id: NotificationKey) -> Response:
    """Answer with one raw notification, its stored envelope and its checksum."""
    detail = get_notification(context.database, scope, NotificationId(notification_id))
    if detail is None:
        absent = "There is no notification of this id that this token may read."
        raise Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail=absent))
    return json_answer(notification_detail_fields(detail))
