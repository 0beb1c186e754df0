"""Operations on coverage and alarms: what was not seen, and what is wrong."""

from __future__ import annotations

from fastapi import APIRouter, Response

from veilleur.api import answers
from veilleur.api.admission import ReaderScope
from veilleur.api.context import Context
from veilleur.api.parameters import MOST_ROWS, AskedCoverage, CoverageCursor, CoverageRows, OpenFilter
from veilleur.api.problems import ParameterError, Problem, ProblemKind, Refusal
from veilleur.api.writing import json_answer
from veilleur.model.wire import alarm_fields, completeness_fields
from veilleur.store import alarms as stored
from veilleur.store.coverage import page_coverage
from veilleur.store.devices import has_device


def coverage_router() -> APIRouter:
    """Return the operations on coverage and alarms."""
    router = APIRouter(tags=["coverage"])
    router.add_api_route(
        "/coverage", read_coverage, summary="List what was not seen", response_model=answers.CoveragePage
    )
    router.add_api_route("/alarms", list_alarms, summary="List what is wrong", response_model=answers.AlarmList)
    return router


def read_coverage(
    context: Context,
    scope: ReaderScope,
    asked: AskedCoverage,
    limit: CoverageRows = MOST_ROWS,
    cursor: CoverageCursor = None,
) -> Response:
    """Answer with the intervals that were not seen, of each device and cause, the latest beginning first.

    Lists and counts of mentions carry the same as `completeness`, for the time that they are about.
    """
    if asked.device is not None and not has_device(context.database, scope, asked.device):
        wrong = ParameterError("device", "Input should be the name of a device")
        detail = f"device: no device is named {asked.device}"
        raise Refusal(Problem(kind=ProblemKind.WRONG_PARAMETER, detail=detail, errors=(wrong,)))
    page = page_coverage(context.database, scope, asked, limit=limit, cursor=cursor)
    return json_answer(completeness_fields(page) | {"next_cursor": page.next_cursor})


def list_alarms(context: Context, scope: ReaderScope, is_open: OpenFilter = None) -> Response:
    """Answer with the states of Veilleur's own parts and devices that need somebody, the oldest first."""
    found = stored.list_alarms(context.database, scope, is_open=is_open)
    return json_answer({"alarms": [alarm_fields(alarm) for alarm in found]})
