"""Operations on what is said of mentions: say it of one or many, its journal, and undoing."""

from __future__ import annotations

from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Response

from veilleur.api import qualification_shapes as shapes
from veilleur.api.admission import CaseWriter, ReaderScope
from veilleur.api.context import Context
from veilleur.api.parameters import FIRST_ROWS, Cursor, Limit, MentionKey, known_zone
from veilleur.api.problems import ParameterError, Problem, ProblemKind, Refusal
from veilleur.api.writing import json_answer
from veilleur.model.errors import QueryError
from veilleur.model.identity import MentionId
from veilleur.model.qualification import QualificationAct, QualificationChange, Qualifier, Speaker, checked_change
from veilleur.model.wire import act_fields, journal_fields, qualification_fields
from veilleur.query.reading import read_query
from veilleur.store import qualification_journal as journal
from veilleur.store.qualified import read_qualification
from veilleur.store.qualifying import Deed, qualify, query_ids, visible_ids

_MOST_ID: Final = 2**63 - 1
ActKey = Annotated[int, Path(ge=1, le=_MOST_ID, description="An act's number.", openapi_examples={"act": {"value": 1}})]


_By = Annotated[Speaker | None, Query(description="Whose acts. Left out: those of people and of rules.")]


def qualification_router() -> APIRouter:
    """Return the operations on qualifications."""
    router = APIRouter(tags=["qualification"])
    router.add_api_route(
        "/mentions/{mention_id}/qualification",
        qualify_mention,
        methods=["POST"],
        summary="Say something of a mention",
        response_model=shapes.QualifiedMention,
    )
    router.add_api_route(
        "/mentions/{mention_id}/journal",
        read_mention_journal,
        summary="Who said what of a mention",
        response_model=shapes.MentionJournal,
    )
    router.add_api_route(
        "/qualifications",
        qualify_mentions,
        methods=["POST"],
        summary="Say something of many mentions",
        response_model=shapes.QualifiedMentions,
    )
    router.add_api_route(
        "/qualification-acts",
        list_qualification_acts,
        summary="What was said, act by act",
        response_model=shapes.QualificationActs,
    )
    router.add_api_route(
        "/qualification-acts/{act_id}/undo",
        undo_qualification_act,
        methods=["POST"],
        summary="Undo an act",
        response_model=shapes.UndoneAct,
    )
    return router


def qualify_mention(context: Context, writer: CaseWriter, mention_id: MentionKey, body: shapes.ChangeShape) -> Response:
    """Say something of a mention and its fold, and answer with what stands now; needs the scope `write:cases`."""
    key = MentionId(mention_id)
    if not visible_ids(context.database, writer.scope, [key]):
        raise _unknown("There is no mention of this id that this token may read.")
    deed = Deed(by=Qualifier(writer.name), change=_change(body), at=context.clock())
    act = qualify(context.database, writer.scope, [key], deed)
    said = read_qualification(context.database, writer.scope, key)
    told = None if said is None else qualification_fields(said)
    return json_answer({"qualification": told, "act": act_answer(act)})


def qualify_mentions(context: Context, writer: CaseWriter, body: shapes.BulkChangeShape) -> Response:
    """Say something of the mentions of these ids, or of a query, at most 100,000; needs the scope `write:cases`.

    With `dry_run` it only counts them. Mentions that the token may not see are passed over.
    """
    if (body.mention_ids is None) is (body.query is None):
        raise wrong_body("query", "Input should be either `query` or `mention_ids`")
    change, now = checked_change(_change(body.change)), context.clock()
    if body.query is None:
        ids = visible_ids(context.database, writer.scope, [MentionId(one) for one in body.mention_ids or ()])
    else:
        try:
            query = read_query(body.query, now=now, zone=_zone(body.zone))
        except QueryError as error:
            raise wrong_body("query", str(error)) from None
        ids = query_ids(context.database, writer.scope, query)
    deed = Deed(by=Qualifier(writer.name), change=change, at=now, query_text=body.query)
    act = None if body.dry_run else qualify(context.database, writer.scope, ids, deed)
    return json_answer({"mention_count": len(ids), "act": act_answer(act)})


def read_mention_journal(context: Context, scope: ReaderScope, mention_id: MentionKey) -> Response:
    """Answer with who said what of a mention or of another of its fold."""
    entries = journal.mention_history(context.database, scope, MentionId(mention_id))
    if entries is None:
        raise _unknown("There is no mention of this id that this token may read.")
    return json_answer({"entries": [journal_fields(entry) for entry in entries]})


def list_qualification_acts(
    context: Context, scope: ReaderScope, limit: Limit = FIRST_ROWS, cursor: Cursor = None, by: _By = None
) -> Response:
    """Answer with what was said, act by act, the latest first: by people, by rules, or by both.

    A rule makes an act for each batch of what comes in. A token without `read:private` is told of the acts of such
    tokens alone.
    """
    before = None if cursor is None else int(cursor, 16)
    found = journal.list_acts(context.database, scope, limit=limit + 1, before=before, by=by)
    shown = found[:limit]
    next_cursor = f"{shown[-1].id:x}" if len(found) > limit else None
    return json_answer({"acts": [act_fields(act) for act in shown], "next_cursor": next_cursor})


def undo_qualification_act(context: Context, writer: CaseWriter, act_id: ActKey) -> Response:
    """Let what stood before an act stand again, but for what somebody said since; needs the scope `write:cases`."""
    undone = journal.undo_act(context.database, writer.scope, act_id, by=writer.name, now=context.clock())
    if undone is None:
        raise _unknown("There is no act of this number that this token may know of, or it was undone already.")
    return json_answer({"mention_count": undone})


def wrong_body(name: str, reason: str) -> Refusal:
    """Return the refusal of one value of a body."""
    wrong = (ParameterError(name, reason),)
    return Refusal(Problem(kind=ProblemKind.WRONG_PARAMETER, detail=f"{name}: {reason}", errors=wrong))


def _change(body: shapes.ChangeShape) -> QualificationChange:
    return QualificationChange(
        tone=body.tone,
        add_tags=tuple(body.add_tags),
        remove_tags=tuple(body.remove_tags),
        is_off_topic=body.is_off_topic,
        is_treated=body.is_treated,
        note=body.note,
        clear=tuple(body.clear),
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(known_zone(name))
    except ValueError as error:
        raise wrong_body("zone", str(error)) from None


def act_answer(act: QualificationAct | None) -> dict[str, object] | None:
    """Return what is answered of an act."""
    return None if act is None else act_fields(act)


def _unknown(detail: str) -> Refusal:
    return Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail=detail))
