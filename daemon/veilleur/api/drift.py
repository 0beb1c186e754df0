"""Operations on what was not understood: quarantine, dead letters, and how much of each app's wording is known."""

from __future__ import annotations

from base64 import b64encode

from fastapi import APIRouter, Response

from veilleur.api import answers
from veilleur.api.admission import ReaderScope
from veilleur.api.context import Context
from veilleur.api.parameters import FIRST_ROWS, AskedDays, Cursor, DeadLetterKey, Limit, PackageFilter, RowsToSkip
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.writing import json_answer, page_fields
from veilleur.model.kinds import OutcomeKind
from veilleur.model.wire import dead_letter_fields, notification_fields, parse_rate_fields
from veilleur.store.coverage import completeness
from veilleur.store.dead_letters import dead_payload, list_dead
from veilleur.store.notifications import page_notifications
from veilleur.store.parse_rates import list_parse_rates


def drift_router() -> APIRouter:
    """Return the operations on what was not understood."""
    router = APIRouter(tags=["quarantine"])
    for path, operation, summary, answer in (
        ("/dead-letters/{dead_letter_id}", read_dead_letter, "Read one dead letter", answers.DeadLetterDetail),
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


def list_dead_letters(
    context: Context, scope: ReaderScope, limit: Limit = FIRST_ROWS, cursor: Cursor = None
) -> Response:
    """Answer with the bytes that are no envelope, the oldest first; without `read:private` with none."""
    after = 0 if cursor is None else int(cursor, 16)
    found = list_dead(context.database, scope, limit=limit + 1, after=after)
    shown = found[:limit]
    next_cursor = f"{shown[-1].id:x}" if len(found) > limit else None
    return json_answer({"dead_letters": [dead_letter_fields(one) for one in shown], "next_cursor": next_cursor})


def read_dead_letter(context: Context, scope: ReaderScope, dead_letter_id: DeadLetterKey) -> Response:
    """Answer with one dead letter and its bytes; without `read:private` there is none."""
    found = list_dead(context.database, scope, limit=1, after=dead_letter_id - 1)
    payload = dead_payload(context.database, scope, dead_letter_id)
    if payload is None or not found or found[0].id != dead_letter_id:
        absent = "There is no dead letter of this id that this token may read."
        raise Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail=absent))
    return json_answer(dead_letter_fields(found[0]) | {"payload": b64encode(payload).decode()})


def read_parse_rates(  # noqa: PLR0913, PLR0917 - what the operation is asked by
    context: Context,
    scope: ReaderScope,
    window: AskedDays,
    package: PackageFilter = None,
    limit: Limit = FIRST_ROWS,
    cursor: RowsToSkip = None,
) -> Response:
    """Answer with the rates of each app, version, language, channel and UTC day, the newest day first.

    Within a day those come first of which most is unknown. Without `read:private` there are none.
    """
    skipped = 0 if cursor is None else int(cursor, 16)
    found = list_parse_rates(
        context.database, scope, limit=limit + 1, offset=skipped, since_at=window.since_at, package=package
    )
    rows = [parse_rate_fields(rate) for rate in found[:limit]]
    next_cursor = f"{skipped + limit:x}" if len(found) > limit else None
    return json_answer({"parse_rates": rows, "next_cursor": next_cursor})
