"""Operations on what was not understood: quarantine, dead letters, and how much of each app's wording is known."""

from __future__ import annotations

from fastapi import APIRouter, Response

from veilleur.api import answers
from veilleur.api.admission import ReaderScope
from veilleur.api.context import Context
from veilleur.api.parameters import FIRST_ROWS, Cursor, Limit
from veilleur.api.writing import json_answer, page_fields
from veilleur.model.kinds import OutcomeKind
from veilleur.model.wire import dead_letter_fields, notification_fields, parse_rate_fields
from veilleur.store.coverage import completeness
from veilleur.store.dead_letters import list_dead
from veilleur.store.notifications import page_notifications
from veilleur.store.parse_rates import list_parse_rates


def drift_router() -> APIRouter:
    """Return the operations on what was not understood."""
    router = APIRouter(tags=["quarantine"])
    for path, operation, summary, answer in (
        ("/quarantine", list_quarantine, "List what no parser understood", answers.NotificationPage),
        ("/dead-letters", list_dead_letters, "List what could not be read", answers.DeadLetterList),
        ("/parse-rates", read_parse_rates, "List how much of each app's wording is known", answers.ParseRateList),
    ):
        router.add_api_route(path, operation, summary=summary, response_model=answer)
    return router


def list_quarantine(context: Context, scope: ReaderScope, limit: Limit = FIRST_ROWS, cursor: Cursor = None) -> Response:
    """Answer with the notifications in quarantine, the latest stored first; nobody knows whether they are private."""
    quarantined = OutcomeKind.QUARANTINED
    page = page_notifications(context.database, scope, limit=limit, cursor=cursor, outcome=quarantined)
    rows = [notification_fields(row) for row in page.notifications]
    unseen = completeness(context.database, scope)
    return json_answer(page_fields("notifications", rows, page.next_cursor, unseen))


def list_dead_letters(context: Context, scope: ReaderScope, limit: Limit = FIRST_ROWS) -> Response:
    """Answer with the bytes that are no envelope, the oldest first; without `read:private` with none."""
    found = list_dead(context.database, scope, limit=limit)
    return json_answer({"dead_letters": [dead_letter_fields(one) for one in found]})


def read_parse_rates(context: Context, scope: ReaderScope, limit: Limit = FIRST_ROWS) -> Response:
    """Answer with the rates of each app, version, language, channel and UTC day, the newest day first.

    Within a day those come first of which most is unknown. Without `read:private` there are none.
    """
    rates = list_parse_rates(context.database, scope, limit=limit)
    return json_answer({"parse_rates": [parse_rate_fields(rate) for rate in rates]})
