"""The list under the search field: what may be meant at the caret."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from veilleur.dashboard.completion import complete
from veilleur.dashboard.context import Pages
from veilleur.dashboard.page_route import PageRoute
from veilleur.dashboard.stream_page import QueryText
from veilleur.dashboard.visits import SignedInMember
from veilleur.model.counts import Facet
from veilleur.query.expression import EVERYTHING
from veilleur.query.reading import MAX_QUERY_LENGTH
from veilleur.store.devices import list_devices
from veilleur.store.facets import read_facets

_MOST_KEYS: Final = 100
_COUNTED: Final = {"platform": Facet.PLATFORM, "#": Facet.HASHTAG}

Caret = Annotated[int, Query(ge=0, le=MAX_QUERY_LENGTH)]


def completions_router() -> APIRouter:
    """Return the route to the list."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route("/stream/completions", show_completions, methods=["GET"])
    return router


def show_completions(pages: Pages, member: SignedInMember, text: QueryText = "", at: Caret = 0) -> Response:
    """Answer with the suggestions as options of a list."""
    scope = member.person.scope

    def known(field: str) -> Iterable[str]:
        if field in _COUNTED:
            (facet,) = read_facets(pages.database, scope, EVERYTHING, [_COUNTED[field]], limit=_MOST_KEYS)
            return [one.key for one in facet.counts]
        return [one.name for one in list_devices(pages.database, scope)] if field == "device" else ()

    return pages.show("parts/completions.html", member.visitor, suggestions=complete(text, at, known))
