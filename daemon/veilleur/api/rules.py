"""Operations on rules: what is said of every mention that a query or a list of words finds."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Response

from veilleur.api import rule_shapes as shapes
from veilleur.api.admission import CaseWriter, ReaderScope
from veilleur.api.context import Context
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.qualifications import act_answer, wrong_body
from veilleur.api.writing import json_answer
from veilleur.model.errors import QueryError
from veilleur.model.qualification import QualificationChange
from veilleur.model.rules import LONGEST_RULE_NAME, QualificationRule
from veilleur.model.wire import rule_fields
from veilleur.store import rules as stored

_RULE_EXAMPLE: Final = {"rule": {"value": "rumeur"}}
RuleName = Annotated[
    str,
    Path(min_length=1, max_length=LONGEST_RULE_NAME, description="A rule's name.", openapi_examples=_RULE_EXAMPLE),
]


def rule_router() -> APIRouter:
    """Return the operations on rules."""
    router = APIRouter(tags=["qualification"])
    one = "/rules/{name}"
    router.add_api_route("/rules", list_rules, summary="List rules", response_model=shapes.RuleList)
    router.add_api_route(one, make_rule, methods=["PUT"], summary="Make a rule", response_model=shapes.Rule)
    router.add_api_route(one, remove_rule, methods=["DELETE"], summary="Remove a rule", response_model=shapes.Rule)
    router.add_api_route(
        f"{one}/apply",
        apply_rule,
        methods=["POST"],
        summary="Let a rule speak of the past",
        response_model=shapes.AppliedRule,
    )
    return router


def list_rules(context: Context, scope: ReaderScope) -> Response:
    """Answer with the rules, the oldest first: of two that say the same thing the later stands.

    A token without `read:private` is told of the rules of such tokens alone.
    """
    return json_answer({"rules": [rule_fields(rule) for rule in stored.list_rules(context.database, scope)]})


def make_rule(context: Context, writer: CaseWriter, name: RuleName, body: shapes.RuleShape) -> Response:
    """Make a rule for what comes from now on, and answer with it; needs the scope `write:cases`.

    It sees what the token sees. One that is there is removed first: a rule is not changed.
    """
    change = QualificationChange(tone=body.tone, add_tags=tuple(body.add_tags), is_off_topic=body.is_off_topic)
    rule = QualificationRule(
        name=name,
        project=writer.scope.project,
        query=body.query,
        words=tuple(body.words),
        change=change,
        may_read_private=writer.scope.may_read_private,
        created_by=writer.name,
        created_at=context.clock(),
    )
    try:
        is_made = stored.add_rule(context.database, writer.scope, rule)
    except QueryError as error:
        raise wrong_body("query", str(error)) from None
    if not is_made:
        raise Refusal(Problem(kind=ProblemKind.CONFLICT, detail="There is a rule of this name: remove it first."))
    return json_answer(rule_fields(rule))


def remove_rule(context: Context, writer: CaseWriter, name: RuleName) -> Response:
    """Take a rule out and answer with what it was; what it said stays. Needs the scope `write:cases`."""
    rule = _known(context, writer, name)
    stored.remove_rule(context.database, writer.scope, name)
    return json_answer(rule_fields(rule))


def apply_rule(context: Context, writer: CaseWriter, name: RuleName, body: shapes.ApplyShape) -> Response:
    """Let a rule speak of the past, of at most 100,000 mentions; needs the scope `write:cases`.

    With `dry_run` it only counts them.
    """
    rule, now = _known(context, writer, name), context.clock()
    count = stored.count_for_rule(context.database, writer.scope, rule, now=now)
    act = None if body.dry_run else stored.apply_rule(context.database, writer.scope, rule, now=now)
    return json_answer({"mention_count": count, "act": act_answer(act)})


def _known(context: Context, writer: CaseWriter, name: str) -> QualificationRule:
    rule = stored.find_rule(context.database, writer.scope, name)
    if rule is None:
        detail = "There is no rule of this name that this token may know of."
        raise Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail=detail))
    return rule
