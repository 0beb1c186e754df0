"""Operations that count mentions: by what they are, and by when they happened."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from veilleur.api import count_shapes as shapes
from veilleur.api.admission import ReaderScopeHere
from veilleur.api.context import context_of
from veilleur.api.one_thread import OneThreadRoute
from veilleur.api.parameters import AskedQuestion
from veilleur.api.writing import json_answer, listing_fields
from veilleur.model.counts import Facet, Grain
from veilleur.model.wire import completeness_fields, facet_fields, timeline_fields
from veilleur.query.window import window_of
from veilleur.store.coverage import completeness
from veilleur.store.facets import read_facets as stored_facets
from veilleur.store.timeline import read_timeline as stored_timeline

_MOST_KEYS: Final = 500
_USUAL_KEYS: Final = 20
_By = Annotated[
    list[Facet],
    Query(min_length=1, max_length=len(Facet), description="What mentions are counted by; give it several times."),
]
_Keys = Annotated[int, Query(ge=1, le=_MOST_KEYS, description="The most keys of each facet.")]
_Grain = Annotated[Grain, Query(description="How long a bucket is; days and weeks begin in `zone`.")]
_USUAL_FACETS: Final = [Facet.KIND]


def count_router() -> APIRouter:
    """Return the operations that count mentions."""
    router = APIRouter(tags=["mentions"], route_class=OneThreadRoute)
    router.add_api_route("/facets", read_facets, summary="Count mentions by facets", response_model=shapes.FacetList)
    router.add_api_route("/timeline", read_timeline, summary="Count mentions by time", response_model=shapes.Timeline)
    return router


async def read_facets(
    request: Request,
    scope: ReaderScopeHere,
    question: AskedQuestion,
    by: _By = _USUAL_FACETS,
    limit: _Keys = _USUAL_KEYS,
) -> Response:
    """Answer with the most frequent platforms, kinds, languages … of a query's mentions, several facets at once.

    Platforms, kinds and visibilities are exact where the query asks for these and times alone. Everything else is
    exact for up to 50,000 mentions; of more, the newest are counted, and `counted_since_at` says since when.
    """
    query = question.query
    with context_of(request).database.snapshot() as state:
        found = stored_facets(state, scope, query, list(dict.fromkeys(by)), limit=limit)
        unseen = completeness(state, scope, window_of(query))
    return json_answer(listing_fields("facets", [facet_fields(one) for one in found], unseen))


async def read_timeline(
    request: Request, scope: ReaderScopeHere, question: AskedQuestion, grain: _Grain = Grain.DAY
) -> Response:
    """Answer with how many of a query's mentions happened in each hour, day or week of a zone, the oldest first.

    It begins at the query's `since:` (else with its first mention) and ends now; at most the latest 2,000 buckets.
    `is_whole` is false where something of that time was not seen, or the bucket is cut. Exact, but where a query asks
    more than times, platforms, kinds and visibilities, and for more than 500,000 mentions: then `counted_since_at`
    says since when they are counted.
    """
    query, zone = question.query, question.zone
    with context_of(request).database.snapshot() as state:
        read = stored_timeline(state, scope, query, grain=grain, zone=zone, now=question.asked_at)
        unseen = completeness(state, scope, window_of(query))
    return json_answer(timeline_fields(read) | {"completeness": completeness_fields(unseen)})
