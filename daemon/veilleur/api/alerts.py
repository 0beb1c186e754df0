"""Operations on alerts: what was found, whom it was told, and who took it on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from veilleur.api import alert_shapes as shapes
from veilleur.api.admission import CaseWriter, ReaderScope
from veilleur.api.context import ApiContext, Context
from veilleur.api.parameters import FIRST_ROWS, Limit
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.writing import json_answer, page_fields
from veilleur.campaigns.origins import Origins
from veilleur.model.alert import LONGEST_RULE_NAME, Alert, AlertId
from veilleur.model.coverage import CoverageFilter
from veilleur.model.scope import Scope
from veilleur.model.wire import alert_fields, mention_fields
from veilleur.store import alerts as stored
from veilleur.store.alerting import read_evidence
from veilleur.store.coverage import completeness
from veilleur.store.sealed_cursors import CURSOR_PATTERN

_MOST_ID = 2**53
_AlertKey = Annotated[
    int, Path(ge=1, le=_MOST_ID, description="An alert's id.", openapi_examples={"alert": {"value": 1}})
]
_IsOpen = Annotated[bool | None, Query(alias="open", description="True: only those that nobody has taken on.")]
_OfRule = Annotated[str | None, Query(alias="rule", max_length=LONGEST_RULE_NAME, description="Only this rule's.")]
_Cursor = Annotated[
    str | None, Query(alias="cursor", pattern=CURSOR_PATTERN, description="The `next_cursor` of the page before.")
]


def alert_router() -> APIRouter:
    """Return the operations on alerts."""
    router = APIRouter(tags=["alerts"])
    one = "/alerts/{alert_id}"
    router.add_api_route("/alerts", list_alerts, summary="List alerts", response_model=shapes.AlertPage)
    router.add_api_route(one, read_alert, summary="Read one alert", response_model=shapes.AlertDetail)
    router.add_api_route(
        f"{one}/acknowledge",
        acknowledge_alert,
        methods=["POST"],
        summary="Take an alert on",
        response_model=shapes.Alert,
    )
    return router


def list_alerts(  # noqa: PLR0913, PLR0917 - an operation's parameters
    context: Context,
    scope: ReaderScope,
    is_open: _IsOpen = None,
    rule: _OfRule = None,
    limit: Limit = FIRST_ROWS,
    cursor: _Cursor = None,
) -> Response:
    """Answer with alerts, the newest first; those of rules that see private mentions need `read:private`."""
    page = stored.page_alerts(context.database, scope, limit=limit, cursor=cursor, is_open=is_open, rule=rule)
    since_at = min((alert.opened_at for alert in page.alerts), default=context.clock())
    unseen = completeness(context.database, scope, CoverageFilter(since_at=since_at))
    return json_answer(page_fields("alerts", [alert_fields(one) for one in page.alerts], page.next_cursor, unseen))


def read_alert(context: Context, scope: ReaderScope, alert_id: _AlertKey) -> Response:
    """Answer with one alert and its newest mentions, as they stand now."""
    alert = _found(context, scope, alert_id)
    seen = [one for one in read_evidence(context.database, alert.mention_ids) if one.project == scope.project]
    told = Origins(context.database, scope).told(seen)
    return json_answer({"alert": alert_fields(alert), "mentions": [mention_fields(one) for one in told]})


def acknowledge_alert(context: Context, writer: CaseWriter, alert_id: _AlertKey) -> Response:
    """Say "I'm on it": nobody further is told. Who was first stays. Needs the scope `write:cases`."""
    _found(context, writer.scope, alert_id)
    stored.acknowledge(context.database, writer.scope, AlertId(alert_id), by=writer.name, now=context.clock())
    return json_answer(alert_fields(_found(context, writer.scope, alert_id)))


def _found(context: ApiContext, scope: Scope, alert_id: int) -> Alert:
    alert = stored.get_alert(context.database, scope, AlertId(alert_id))
    if alert is None:
        detail = "There is no alert of this id that this token may see."
        raise Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail=detail))
    return alert
