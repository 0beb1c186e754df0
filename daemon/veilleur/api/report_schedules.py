"""Operations on scheduled reports: which are sent, when, to whom."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Response

from veilleur.api import report_schedule_shapes as shapes
from veilleur.api.admission import CaseWriter, ReaderScope
from veilleur.api.context import Context
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.writing import json_answer
from veilleur.model.report_schedule import ReportScheduleDraft, ReportScheduleId
from veilleur.model.scope import TokenScope
from veilleur.model.wire import report_schedule_fields
from veilleur.reports.due import due_after
from veilleur.store import report_schedules as stored

_MOST_ID: Final = 2**63 - 1
_ScheduleKey = Annotated[
    int, Path(ge=1, le=_MOST_ID, description="A schedule's number.", openapi_examples={"schedule": {"value": 1}})
]


def report_schedule_router() -> APIRouter:
    """Return the operations on scheduled reports."""
    router = APIRouter(tags=["watches"])
    for path, operation, method, summary, model in (
        ("/report-schedules", list_report_schedules, "GET", "List scheduled reports", shapes.ReportScheduleList),
        ("/report-schedules", schedule_report, "POST", "Schedule a report", shapes.ReportSchedule),
        ("/report-schedules/{schedule_id}", remove_report_schedule, "DELETE", "End a schedule", shapes.ReportSchedule),
    ):
        router.add_api_route(path, operation, methods=[method], summary=summary, response_model=model)
    return router


def list_report_schedules(context: Context, scope: ReaderScope) -> Response:
    """Answer with the project's schedules; those of private mentions are told to who may read them alone."""
    found = stored.list_schedules(context.database, scope)
    return json_answer({"schedules": [report_schedule_fields(one) for one in found]})


def schedule_report(context: Context, writer: CaseWriter, body: shapes.ReportScheduleShape) -> Response:
    """Have a report or a morning message sent from now on, and answer with when it is due; needs `write:cases`.

    It tells what is public, and with `with_private` the rest: that needs `read:private`.
    """
    if body.with_private and not writer.scope.may_read_private:
        private = TokenScope.READ_PRIVATE
        detail = f"A report of private mentions needs a token with the scope {private}."
        raise Refusal(Problem(kind=ProblemKind.MISSING_SCOPE, detail=detail, missing_scope=private))
    draft = ReportScheduleDraft(
        **body.model_dump(exclude={"language", "receivers"}),
        language=body.language.value,
        receivers=tuple(dict.fromkeys(body.receivers)),
    )
    now = context.clock()
    due_at = due_after(draft, now)
    made = stored.add_schedule(context.database, writer.scope, draft, due_at=due_at, by=writer.name, now=now)
    found = next((one for one in stored.list_schedules(context.database, writer.scope) if one.id == made), None)
    if found is None:
        detail = "There is no watch of this name that goes on, or no receiver of one of these names."
        raise Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail=detail))
    return json_answer(report_schedule_fields(found))


def remove_report_schedule(context: Context, writer: CaseWriter, schedule_id: _ScheduleKey) -> Response:
    """End a schedule, and answer with it; needs the scope `write:cases`."""
    by, key = writer.name, ReportScheduleId(schedule_id)
    removed = stored.remove_schedule(context.database, writer.scope, key, by=by, now=context.clock())
    if removed is None:
        raise Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail="There is no schedule of this number."))
    return json_answer(report_schedule_fields(removed))
