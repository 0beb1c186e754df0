"""The list of conversations, the one that was written in last first."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from veilleur.dashboard.context import Pages
from veilleur.dashboard.page_route import PageRoute
from veilleur.dashboard.stream_page import Cursor
from veilleur.dashboard.visits import SignedInMember
from veilleur.store.conversations import list_conversations

_ROWS: Final = 60


def conversations_router() -> APIRouter:
    """Return the route to the list."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route("/conversations", show_conversations, methods=["GET", "HEAD"])
    return router


def show_conversations(pages: Pages, member: SignedInMember, cursor: Cursor = None) -> Response:
    """Answer with a page of the list."""
    page = list_conversations(pages.database, member.person.scope, limit=_ROWS, cursor=cursor)
    may_read_private = member.person.scope.may_read_private
    return pages.show("conversations.html", member.visitor, page=page, may_read_private=may_read_private, cursor=cursor)
