"""Operations on trends: what is on the rise, bursts, communities of hashtags, messages passed on, and crossings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from veilleur.api import trend_shapes as shapes
from veilleur.api.admission import CaseWriter, ReaderScope
from veilleur.api.context import ApiContext, Context
from veilleur.api.parameters import FIRST_ROWS, AskedWindow, Limit
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.writing import json_answer, listing_fields, page_fields
from veilleur.model.coverage import CoverageFilter
from veilleur.model.scope import Scope
from veilleur.model.trends import NamedCommunity, TrendKind
from veilleur.model.watch import LONGEST_NAME, NAME_PATTERN
from veilleur.model.wire import (
    burst_fields,
    community_fields,
    crossing_fields,
    forward_fields,
    named_community_fields,
    trend_fields,
)
from veilleur.store.community_names import community_names, forget_name, name_community
from veilleur.store.coverage import completeness
from veilleur.store.sealed_cursors import CURSOR_PATTERN
from veilleur.store.trend_bursts import page_bursts
from veilleur.trends import reading
from veilleur.trends.communities import named_hashtags

_Kind = Annotated[TrendKind, Query(description="What mentions are counted by.")]
_OfKind = Annotated[TrendKind | None, Query(alias="kind", description="Only bursts of this.")]
_Cursor = Annotated[
    str | None, Query(alias="cursor", pattern=CURSOR_PATTERN, description="The `next_cursor` of the page before.")
]
_Name = Annotated[
    str,
    Path(
        max_length=LONGEST_NAME,
        pattern=NAME_PATTERN,
        description="What the community is called.",
        openapi_examples={"name": {"value": "poulet rose"}},
    ),
]


def trend_router() -> APIRouter:
    """Return the operations on trends."""
    router = APIRouter(tags=["trends"])
    one = "/communities/{name}"
    for path, operation, method, summary, model in (
        ("/trends", list_trends, "GET", "What is on the rise", shapes.TrendList),
        ("/bursts", list_bursts, "GET", "List bursts", shapes.BurstPage),
        ("/communities", list_communities, "GET", "Communities of hashtags", shapes.CommunityList),
        ("/community-names", list_names, "GET", "The names that people gave communities", shapes.NameList),
        (one, write_community, "PUT", "Name a community", shapes.NamedCommunity),
        (one, remove_community, "DELETE", "Take a community's name back", shapes.NamedCommunity),
        ("/forwards", list_forwards, "GET", "Messages passed on", shapes.ForwardList),
        ("/crossings", list_crossings, "GET", "What reached another platform", shapes.CrossingList),
    ):
        router.add_api_route(path, operation, methods=[method], summary=summary, response_model=model)
    return router


def list_trends(
    context: Context,
    scope: ReaderScope,
    window: AskedWindow,
    kind: _Kind = TrendKind.HASHTAG,
    limit: Limit = FIRST_ROWS,
) -> Response:
    """Answer with what rose most since `since` (else in a day), beside the seven times of that length before.

    The newest 100,000 mentions are counted.
    """
    since_at, until_at = _span(context, window, reading.TRENDS_OF)
    found = reading.read_trends(context.database, scope, kind, since_at=since_at, now=until_at, limit=limit)
    return _listed(context, scope, since_at, "trends", [trend_fields(one) for one in found])


def list_bursts(  # noqa: PLR0913, PLR0917 - an operation's parameters
    context: Context,
    scope: ReaderScope,
    window: AskedWindow,
    kind: _OfKind = None,
    limit: Limit = FIRST_ROWS,
    cursor: _Cursor = None,
) -> Response:
    """Answer with bursts, the newest found first; those of private mentions need `read:private`."""
    page = page_bursts(
        context.database,
        scope,
        limit=limit,
        cursor=cursor,
        kind=kind,
        since_at=window.since_at,
        until_at=window.until_at,
    )
    asked = CoverageFilter(since_at=window.since_at or context.clock() - reading.BURSTS_OF, until_at=window.until_at)
    unseen = completeness(context.database, scope, asked)
    return json_answer(page_fields("bursts", [burst_fields(one) for one in page.bursts], page.next_cursor, unseen))


def list_communities(context: Context, scope: ReaderScope, window: AskedWindow, limit: Limit = FIRST_ROWS) -> Response:
    """Answer with the hashtags that are used together since `since` (else in 30 days), the most mentioned first."""
    since_at, until_at = _span(context, window, reading.COMMUNITIES_OF)
    found = reading.read_communities(context.database, scope, since_at=since_at, now=until_at)
    return _listed(context, scope, since_at, "communities", [community_fields(one) for one in found[:limit]])


def list_names(context: Context, scope: ReaderScope) -> Response:
    """Answer with every name that somebody gave a community, by name, also where no mention has its hashtags now."""
    rows = [named_community_fields(one) for one in community_names(context.database, scope)]
    return json_answer({"names": rows})


def write_community(context: Context, writer: CaseWriter, name: _Name, body: shapes.CommunityShape) -> Response:
    """Call the community that shares most of these hashtags so; needs the scope `write:cases`.

    With `name` in the body it is called that, and no more what the path says.
    """
    called = body.name or name
    now, former = context.clock(), name if called != name else None
    tags = named_hashtags(body.hashtags)
    name_community(context.database, writer.scope, called, tags, by=writer.name, now=now, instead_of=former)
    return json_answer(named_community_fields(_named(context, writer.scope, called)))


def remove_community(context: Context, writer: CaseWriter, name: _Name) -> Response:
    """Take a name back: the community is called by its first hashtag again; needs the scope `write:cases`."""
    named = _named(context, writer.scope, name)
    forget_name(context.database, writer.scope, name)
    return json_answer(named_community_fields(named))


def list_forwards(context: Context, scope: ReaderScope, window: AskedWindow, limit: Limit = FIRST_ROWS) -> Response:
    """Answer with nearly equal messages of several conversations since `since` (else in 7 days).

    The newest 20,000 messages are compared.
    """
    since_at, until_at = _span(context, window, reading.FORWARDS_OF)
    found = reading.read_forwards(context.database, scope, since_at=since_at, now=until_at)
    return _listed(context, scope, since_at, "forwards", [forward_fields(one) for one in found[:limit]])


def list_crossings(context: Context, scope: ReaderScope, window: AskedWindow, limit: Limit = FIRST_ROWS) -> Response:
    """Answer with the handles and links that stood on several platforms since `since` (else in 30 days)."""
    since_at, until_at = _span(context, window, reading.CROSSINGS_OF)
    found = reading.read_crossings(context.database, scope, since_at=since_at, now=until_at)
    return _listed(context, scope, since_at, "crossings", [crossing_fields(one) for one in found[:limit]])


def _span(context: ApiContext, window: CoverageFilter, usual: timedelta) -> tuple[datetime, datetime]:
    until_at = window.until_at or context.clock()
    return window.since_at or until_at - usual, until_at


def _listed(
    context: ApiContext, scope: Scope, since_at: datetime, name: str, rows: Sequence[dict[str, Any]]
) -> Response:
    unseen = completeness(context.database, scope, CoverageFilter(since_at=since_at))
    return json_answer(listing_fields(name, rows, unseen))


def _named(context: ApiContext, scope: Scope, name: str) -> NamedCommunity:
    found = next((one for one in community_names(context.database, scope) if one.name == name), None)
    if found is None:
        raise Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail="No community is called so."))
    return found
