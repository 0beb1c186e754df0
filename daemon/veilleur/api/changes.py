"""The change feed over HTTP: what copies of mentions are kept up to date by."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from msgspec.structs import replace

from veilleur.api import watch_shapes as shapes
from veilleur.api.admission import ReaderScope
from veilleur.api.context import Context
from veilleur.api.parameters import FIRST_ROWS, Limit
from veilleur.api.writing import json_answer, page_fields
from veilleur.campaigns.origins import Origins
from veilleur.model.changes import Change, ChangePage
from veilleur.model.scope import Scope
from veilleur.model.wire import change_fields
from veilleur.store.changes import newest_cursor, page_changes
from veilleur.store.coverage import completeness
from veilleur.store.database import Database

NEWEST = "newest"

_After = Annotated[
    str | None,
    Query(
        pattern=f"^([0-9a-f]{{32}}|{NEWEST})$",
        description="The `next_cursor` of an earlier answer; `newest` gives a cursor for what comes from now on. "
        "Left out: from the first change.",
    ),
]


def change_router() -> APIRouter:
    """Return the operation on changes."""
    router = APIRouter(tags=["changes"])
    router.add_api_route(
        "/changes", list_changes, summary="Follow what happens to mentions", response_model=shapes.ChangePage
    )
    return router


def list_changes(context: Context, scope: ReaderScope, after: _After = None, limit: Limit = FIRST_ROWS) -> Response:
    """Answer with mentions created, changed and erased after a cursor, in the order of arrival, each change once.

    Ask again with `next_cursor`, at once while `has_more`, else after a while. A copy that puts each mention in the
    place of the one it had, and takes out those that are erased, stays the same as the original.
    """
    if after == NEWEST:
        page = ChangePage((), newest_cursor(context.database, scope), has_more=False)
    else:
        page = page_changes(context.database, scope, after=after, limit=limit)
    rows = [change_fields(one) for one in with_origins(context.database, scope, page.changes)]
    unseen = completeness(context.database, scope)
    return json_answer(page_fields("changes", rows, page.next_cursor, unseen) | {"has_more": page.has_more})


def with_origins(database: Database, scope: Scope, changes: tuple[Change, ...]) -> list[Change]:
    """Return the changes with their mentions' origins."""
    told = {one.id: one for one in Origins(database, scope).told(one.mention for one in changes if one.mention)}
    return [one if one.mention is None else replace(one, mention=told[one.mention_id]) for one in changes]
