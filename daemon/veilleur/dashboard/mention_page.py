"""A mention whole: its words, where they came from, what read them and how sure it was."""

from __future__ import annotations

import json
from typing import Annotated, Final

from fastapi import APIRouter, Path, Response

from veilleur.campaigns.origins import Origins
from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.stream_page import Cursor, today_of
from veilleur.dashboard.stream_rows import rows_of
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.identity import MentionId
from veilleur.model.mention import Mention
from veilleur.store.conversations import page_conversation
from veilleur.store.mentions import get_mention
from veilleur.store.notifications import get_notification
from veilleur.store.qualification_journal import mention_history

_PATH: Final = "/mentions/{mention_id}"
_CHAT_ROWS: Final = 100

MentionKey = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


def mention_router() -> APIRouter:
    """Return the routes to a mention and to its conversation."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(_PATH, show_mention, methods=["GET", "HEAD"])
    router.add_api_route(_PATH + "/conversation", show_conversation, methods=["GET", "HEAD"])
    return router


def show_mention(pages: Pages, member: SignedInMember, mention_id: MentionKey) -> Response:
    """Answer with a mention and the raw notification that told it first."""
    mention = found_mention(pages, member, mention_id)
    told_by = get_notification(pages.database, member.person.scope, mention.notification_id)
    return pages.show(
        "mention.html",
        member.visitor,
        mention=mention,
        notification=told_by,
        journal=mention_history(pages.database, member.person.scope, mention.id) or (),
        payload=None if told_by is None else _indented(told_by.payload),
    )


def show_conversation(pages: Pages, member: SignedInMember, mention_id: MentionKey, cursor: Cursor = None) -> Response:
    """Answer with the conversation that a mention belongs to, read like a chat: the oldest of the page above."""
    mention = found_mention(pages, member, mention_id)
    if mention.conversation is None:
        raise NothingHere
    page = page_conversation(pages.database, member.person.scope, mention, limit=_CHAT_ROWS, cursor=cursor)
    rows = list(rows_of(reversed(page.mentions), member, today_of(pages, member)))
    return pages.show("conversation.html", member.visitor, mention=mention, rows=rows, next_cursor=page.next_cursor)


def found_mention(pages: PageContext, member: Member, mention_id: str) -> Mention:
    """Return a mention; raises NothingHere where there is none that this person may see."""
    mention = get_mention(pages.database, member.person.scope, MentionId(mention_id))
    if mention is None:
        raise NothingHere
    (told,) = Origins(pages.database, member.person.scope).told([mention])
    return told


def _indented(payload: bytes) -> str:
    """Return stored bytes to be read by a person: JSON with a line for each field, anything else as it is."""
    text = payload.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except ValueError:
        return text
