"""Says something of every mention of a query: counted and asked before, undone after."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Response
from starlette.responses import RedirectResponse

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.forms import MemberForm
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.qualifying_page import ActKey
from veilleur.dashboard.stream_page import QueryText, known_query
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.errors import QualificationError
from veilleur.model.qualification import (
    MOST_QUALIFIED,
    Clearable,
    QualificationAct,
    QualificationChange,
    Qualifier,
    Tone,
    checked_change,
)
from veilleur.model.scope import TokenScope
from veilleur.query.explaining import explain
from veilleur.store.mentions import total_mentions
from veilleur.store.qualification_journal import find_act, undo_act
from veilleur.store.qualifying import Deed, qualify, query_ids

_PATH: Final = "/qualify"
_EMPTY: Final = dict.fromkeys(("tone", "off_topic", "treated", "add_tags", "remove_tags"), "")
_NO_TONE: Final = "none"
_ANSWERS: Final = {"yes": True, "no": False}


def bulk_router() -> APIRouter:
    """Return the routes by which something is said of many mentions."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(_PATH, show_bulk, methods=["GET", "HEAD"])
    router.add_api_route(_PATH, say_of_all, methods=["POST"])
    router.add_api_route(_PATH + "/acts/{act_id}", show_act, methods=["GET", "HEAD"])
    router.add_api_route(_PATH + "/acts/{act_id}/undo", undo, methods=["POST"])
    return router


def show_bulk(pages: Pages, member: SignedInMember, text: QueryText = "") -> Response:
    """Answer with what may be said of the mentions of a query, and how many they are."""
    member.require(TokenScope.WRITE_CASES)
    return _bulk(pages, member, text)


def say_of_all(pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Ask whether this is meant; once that was answered, say it, and lead to the act."""
    member.require(TokenScope.WRITE_CASES)
    text = fields.get("q", "")
    query = known_query(pages, member, text)
    try:
        change = checked_change(_change(fields))
        if "sure" not in fields:
            return _bulk(pages, member, text, fields=fields, asked=change)
        ids = query_ids(pages.database, member.person.scope, query)
        deed = Deed(by=Qualifier(member.person.name), change=change, at=pages.clock(), query_text=text)
        act = qualify(pages.database, member.person.scope, ids, deed)
    except QualificationError as refused:
        return _bulk(pages, member, text, fields=fields, refusal=refused)
    if act is None:
        return _bulk(pages, member, text, fields=fields, says_nothing_new=True)
    return RedirectResponse(f"{_PATH}/acts/{act.id}", HTTPStatus.SEE_OTHER)


def show_act(pages: Pages, member: SignedInMember, act_id: ActKey) -> Response:
    """Answer with what was said at once, by whom, and the button that takes it back."""
    return pages.show("act.html", member.visitor, act=_found(pages, member, act_id))


def undo(pages: Pages, member: SignedInMember, act_id: ActKey, _fields: MemberForm) -> Response:
    """Let what stood before an act stand again, but for what somebody said since."""
    member.require(TokenScope.WRITE_CASES)
    undo_act(pages.database, member.person.scope, act_id, by=member.person.name, now=pages.clock())
    return RedirectResponse(f"{_PATH}/acts/{act_id}", HTTPStatus.SEE_OTHER)


def _found(pages: PageContext, member: Member, act_id: int) -> QualificationAct:
    act = find_act(pages.database, member.person.scope, act_id)
    if act is None:
        raise NothingHere
    return act


def _bulk(
    pages: PageContext,
    member: Member,
    text: str,
    *,
    fields: Mapping[str, str] | None = None,
    **shown: Any,  # noqa: ANN401 - for the template
) -> Response:
    query = known_query(pages, member, text)
    is_refused = "refusal" in shown or "says_nothing_new" in shown
    usual: dict[str, Any] = {"asked": None, "refusal": None, "says_nothing_new": False}
    return pages.show(
        "bulk.html",
        member.visitor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK,
        text=text,
        fields=_EMPTY | dict(fields or {}),
        total=total_mentions(pages.database, member.person.scope, query),
        most=MOST_QUALIFIED,
        tones=tuple(Tone),
        explained=explain(query, language=member.visitor.language, zone=member.visitor.zone),
        **(usual | shown),
    )


def _change(fields: Mapping[str, str]) -> QualificationChange:
    tone = fields.get("tone", "")
    return QualificationChange(
        tone=Tone(tone) if tone in set(Tone) else None,
        clear=(Clearable.TONE,) if tone == _NO_TONE else (),
        is_off_topic=_ANSWERS.get(fields.get("off_topic", "")),
        is_treated=_ANSWERS.get(fields.get("treated", "")),
        add_tags=tuple(fields.get("add_tags", "").split()),
        remove_tags=tuple(fields.get("remove_tags", "").split()),
    )
