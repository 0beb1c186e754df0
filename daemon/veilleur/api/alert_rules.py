"""Operations on alert rules: what people are told of, how, and when."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from msgspec import convert

from veilleur.alerts import keeping
from veilleur.alerts.telling import try_out_notice
from veilleur.api import alert_shapes as shapes
from veilleur.api.admission import CaseWriter, ReaderScope
from veilleur.api.context import ApiContext, Context
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.receivers import outgoing_of
from veilleur.api.writing import json_answer
from veilleur.delivery.keeping import try_receivers
from veilleur.model.alert import LONGEST_RULE_NAME, WHY_UNSAVED, AlertRule, AlertRuleDraft, RuleSaved
from veilleur.model.scope import Scope
from veilleur.model.watch import NAME_PATTERN
from veilleur.model.wire import alert_rule_fields, alert_rule_version_fields, rule_trial_fields
from veilleur.store import alert_rules as stored

_RuleName = Annotated[
    str,
    Path(
        max_length=LONGEST_RULE_NAME,
        pattern=NAME_PATTERN,
        description="An alert rule's name.",
        openapi_examples={"rule": {"value": "plastique en nombre"}},
    ),
]
_Archived = Annotated[bool, Query(alias="archived", description="Those that rest too.")]


def alert_rule_router() -> APIRouter:
    """Return the operations on alert rules."""
    router = APIRouter(tags=["alerts"])
    one, shape = "/alert-rules/{name}", shapes.AlertRule
    for path, operation, method, summary, model in (
        ("/alert-rules", list_alert_rules, "GET", "List alert rules", shapes.AlertRuleList),
        (one, read_alert_rule, "GET", "Read one alert rule", shape),
        (one, write_alert_rule, "PUT", "Make or change an alert rule", shape),
        (one, remove_alert_rule, "DELETE", "Archive an alert rule", shape),
        (f"{one}/restore", restore_alert_rule, "POST", "Let an archived alert rule go on", shape),
        (f"{one}/history", read_alert_rule_history, "GET", "What an alert rule was", shapes.AlertRuleHistory),
        (f"{one}/test", try_alert_rule, "POST", "Send its receivers a test", shapes.AlertTrial),
    ):
        router.add_api_route(path, operation, methods=[method], summary=summary, response_model=model)
    return router


def list_alert_rules(context: Context, scope: ReaderScope, with_archived: _Archived = False) -> Response:
    """Answer with the project's rules by name.

    A token without `read:private` is told of the rules of such tokens alone.
    """
    rules = stored.list_alert_rules(context.database, scope, with_archived=with_archived)
    return json_answer({"rules": [alert_rule_fields(rule) for rule in rules]})


def read_alert_rule(context: Context, scope: ReaderScope, name: _RuleName) -> Response:
    """Answer with one rule, archived or not."""
    return json_answer(alert_rule_fields(_found(context, scope, name)))


def write_alert_rule(context: Context, writer: CaseWriter, name: _RuleName, body: shapes.AlertRuleShape) -> Response:
    """Make a rule or put this in its place, and answer with it; what it was before is kept.

    Needs the scope `write:cases`. It sees what the token sees, and finds what comes from now on.
    """
    draft = convert(body.model_dump(mode="json", exclude={"name"}), AlertRuleDraft)
    new_name = body.name or name
    saved = keeping.write_alert_rule(
        context.database, writer.scope, name, draft, by=writer.name, now=context.clock(), new_name=new_name
    )
    if saved is not RuleSaved.SAVED:
        raise Refusal(Problem(kind=ProblemKind.CONFLICT, detail=WHY_UNSAVED[saved]))
    return json_answer(alert_rule_fields(_found(context, writer.scope, new_name)))


def remove_alert_rule(context: Context, writer: CaseWriter, name: _RuleName) -> Response:
    """Let a rule rest: it is kept with its alerts, and can be restored; needs the scope `write:cases`."""
    _found(context, writer.scope, name)
    stored.archive_alert_rule(context.database, writer.scope, name, by=writer.name, now=context.clock())
    return read_alert_rule(context, writer.scope, name)


def restore_alert_rule(context: Context, writer: CaseWriter, name: _RuleName) -> Response:
    """Let an archived rule go on; needs the scope `write:cases`."""
    _found(context, writer.scope, name)
    stored.restore_alert_rule(context.database, writer.scope, name)
    return read_alert_rule(context, writer.scope, name)


def read_alert_rule_history(context: Context, scope: ReaderScope, name: _RuleName) -> Response:
    """Answer with what a rule was, the newest version first."""
    _found(context, scope, name)
    versions = stored.alert_rule_history(context.database, scope, name)
    return json_answer({"versions": [alert_rule_version_fields(one) for one in versions]})


def try_alert_rule(context: Context, writer: CaseWriter, name: _RuleName) -> Response:
    """Send a test at once to everybody whom a rule may tell, and answer with how each took it.

    Needs the scope `write:cases`.
    """
    rule = _found(context, writer.scope, name)
    notice = partial(try_out_notice, rule, now=context.clock())
    tried = try_receivers(context.database, writer.scope, outgoing_of(context), rule.draft.receivers, notice)
    return json_answer({"receivers": [rule_trial_fields(one) for one in tried]})


def _found(context: ApiContext, scope: Scope, name: str) -> AlertRule:
    rule = stored.get_alert_rule(context.database, scope, name)
    if rule is None:
        detail = "There is no alert rule of this name that this token may know of."
        raise Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail=detail))
    return rule
