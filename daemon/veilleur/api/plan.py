"""Operations on the watch plan: what is meant to be followed, and what was heard of it."""

from __future__ import annotations

from fastapi import APIRouter, Response

from veilleur.api import plan_shapes as shapes
from veilleur.api.admission import CaseWriter, ReaderScope
from veilleur.api.context import Context
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.writing import json_answer
from veilleur.model.plan import HASHTAG_SIGHT, PlanEntry, PlanKind, checked_entry
from veilleur.model.scope import Scope, TokenScope
from veilleur.model.wire import plan_fields
from veilleur.store import plan as stored


def plan_router() -> APIRouter:
    """Return the operations on the watch plan."""
    router = APIRouter(tags=["plan"])
    router.add_api_route("/plan", read_plan, summary="Read the watch plan", response_model=shapes.Plan)
    router.add_api_route(
        "/plan", save_plan, methods=["POST"], summary="Enter what is followed", response_model=shapes.SavedPlan
    )
    router.add_api_route(
        "/plan/removals",
        remove_entries,
        methods=["POST"],
        summary="Take entries out of the plan",
        response_model=shapes.RemovedEntries,
    )
    return router


def read_plan(context: Context, scope: ReaderScope) -> Response:
    """Answer with each entry, when something of it last arrived, and the silences that are worth a look."""
    standing = stored.plan_standing(context.database, scope, now=context.clock())
    return json_answer({"plan": [plan_fields(one) for one in standing], "about_hashtags": HASHTAG_SIGHT})


def save_plan(context: Context, writer: CaseWriter, body: shapes.PlanShape) -> Response:
    """Enter these, each in the place of the one that follows the same: all, or none where one is wrong.

    Needs the scope `write:cases`, for groups `read:private` too.
    """
    entries = _readable(writer.scope, body)
    added, changed = stored.save_plan(context.database, writer.scope, entries, by=writer.name, now=context.clock())
    return json_answer({"added": added, "changed": changed})


def remove_entries(context: Context, writer: CaseWriter, body: shapes.PlanShape) -> Response:
    """Take out the entries of these kinds, targets, platforms and devices; needs the scope `write:cases`."""
    entries = _readable(writer.scope, body)
    removed = sum(stored.remove_entry(context.database, writer.scope, entry) for entry in entries)
    return json_answer({"removed": removed})


def _readable(scope: Scope, body: shapes.PlanShape) -> list[PlanEntry]:
    entries = [checked_entry(PlanEntry(**one.model_dump())) for one in body.entries]
    if not scope.may_read_private and any(one.kind is PlanKind.GROUP for one in entries):
        private = TokenScope.READ_PRIVATE
        detail = f"Groups of the plan need a token with the scope {private}."
        raise Refusal(Problem(kind=ProblemKind.MISSING_SCOPE, detail=detail, missing_scope=private))
    return entries
