"""How a visitor wishes to see the pages: language, light or dark, and the time zone that the browser tells."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from veilleur.dashboard.forms import VisitorForm
from veilleur.dashboard.page_route import PageRoute
from veilleur.dashboard.signing_in import own_path
from veilleur.dashboard.visitor import Theme
from veilleur.dashboard.visits import LANGUAGE_COOKIE, THEME_COOKIE, ZONE_COOKIE, keep_cookie, zone_named
from veilleur.wording.languages import Language

_KEPT: Final = {"language": (LANGUAGE_COOKIE, frozenset(Language)), "theme": (THEME_COOKIE, frozenset(Theme))}
_ZONE: Final = "zone"


def preferences_router() -> APIRouter:
    """Return the route that keeps what was chosen."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route("/preferences", keep_preferences, methods=["POST"])
    return router


def keep_preferences(request: Request, fields: VisitorForm) -> Response:
    """Keep what was chosen in the browser, and lead back to the page it was chosen on."""
    answer = RedirectResponse(own_path(fields.get("next", "/")), HTTPStatus.SEE_OTHER)
    for field, (cookie, choices) in _KEPT.items():
        if fields.get(field) in choices:
            keep_cookie(request, answer, cookie, fields[field])
    if _ZONE in fields:
        keep_cookie(request, answer, ZONE_COOKIE, zone_named(fields[_ZONE]).key)
    return answer
