"""What people say of a mention from the pages: by a key or a button, answered with the row as it stands then."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from starlette.responses import RedirectResponse

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.forms import MemberForm
from veilleur.dashboard.mention_page import MentionKey, found_mention
from veilleur.dashboard.page_route import PART_HEADER, NothingHere, PageRoute
from veilleur.dashboard.stream_page import today_of
from veilleur.dashboard.stream_rows import rows_of
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.errors import QualificationError
from veilleur.model.identity import MentionId
from veilleur.model.qualification import Clearable, Qualification, QualificationChange, Qualifier, Said, Tone
from veilleur.model.scope import TokenScope
from veilleur.store.qualification_journal import undo_act
from veilleur.store.qualifying import Deed, qualify

ACT_HEADER: Final = "X-Veilleur-Act"
_NOTHING: Final = Qualification()
_MOST_ID: Final = 2**63 - 1

ActKey = Annotated[int, Path(ge=1, le=_MOST_ID)]


def qualifying_router() -> APIRouter:
    """Return the routes by which something is said of one mention, and taken back."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route("/mentions/{mention_id}/qualification", say_of_mention, methods=["POST"])
    router.add_api_route("/mentions/{mention_id}/qualification/{act_id}/undo", undo_of_mention, methods=["POST"])
    return router


def say_of_mention(
    request: Request, pages: Pages, member: SignedInMember, mention_id: MentionKey, fields: MemberForm
) -> Response:
    """Say something of a mention: what stands already is taken back by saying it again."""
    member.require(TokenScope.WRITE_CASES)
    mention = found_mention(pages, member, mention_id)
    try:
        change = change_asked(fields, mention.qualification or _NOTHING)
        deed = Deed(by=Qualifier(member.person.name), change=change, at=pages.clock())
        act = qualify(pages.database, member.person.scope, [mention.id], deed)
    except QualificationError as refused:
        return pages.show("parts/refused.html", member.visitor, status=HTTPStatus.UNPROCESSABLE_ENTITY, refusal=refused)
    return _answer(request, pages, member, mention_id, None if act is None else act.id)


def undo_of_mention(
    request: Request, pages: Pages, member: SignedInMember, mention_id: MentionKey, act_id: ActKey, _fields: MemberForm
) -> Response:
    """Let what stood before an act stand again."""
    member.require(TokenScope.WRITE_CASES)
    if undo_act(pages.database, member.person.scope, act_id, by=member.person.name, now=pages.clock()) is None:
        raise NothingHere
    return _answer(request, pages, member, mention_id, None)


def change_asked(fields: Mapping[str, str], stands: Qualification) -> QualificationChange:
    """Return what a form says; raises QualificationError where that is nothing.

    `say` names a tone, `off_topic` or `treated`, and takes it back where it stands; `tags` are all that shall stand
    of those that were `shown` (without it: of all), parted by blanks.
    """
    if "tags" in fields:
        tags = [tag.removeprefix("#") for tag in fields["tags"].split()]
        added = tuple(tag for tag in tags if tag not in stands.tags)
        # What a colleague added since the dialog was opened was never seen in it, and stays.
        shown = fields["shown"].split() if "shown" in fields else stands.tags
        removed = tuple(tag for tag in stands.tags if tag in shown and tag not in tags)
        return QualificationChange(add_tags=added, remove_tags=removed)
    said = fields.get("say", "")
    if said in set(Tone):
        stands_already = stands.tone == said
        return QualificationChange(clear=(Clearable.TONE,)) if stands_already else QualificationChange(tone=Tone(said))
    if said == Said.OFF_TOPIC:
        return QualificationChange(is_off_topic=not stands.is_off_topic)
    return QualificationChange(is_treated=stands.treated_at is None if said == Said.TREATED else None)


def _answer(request: Request, pages: PageContext, member: Member, mention_id: str, act_id: int | None) -> Response:
    if PART_HEADER not in request.headers:
        return RedirectResponse(f"/mentions/{mention_id}", HTTPStatus.SEE_OTHER)
    mention = found_mention(pages, member, MentionId(mention_id))
    (row,) = rows_of([mention], member, today_of(pages, member))
    answer = pages.show("parts/mention_row.html", member.visitor, row=row)
    if act_id is not None:
        answer.headers[ACT_HEADER] = str(act_id)
    return answer
