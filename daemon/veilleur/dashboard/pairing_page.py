"""The page of a pairing code: shown once, at an address that nobody can guess, until the tablet has come."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import segno
from fastapi import APIRouter, Response

from veilleur.dashboard.context import Pages
from veilleur.dashboard.page_route import PageRoute
from veilleur.dashboard.rendering import FRAMED_HEADERS, FRAMING_HEADERS
from veilleur.dashboard.visits import AnyVisitor
from veilleur.store.pairing_pages import PairingPage, page_state, show_page

_BORDER: Final = 3


def pairing_router() -> APIRouter:
    """Return the two routes: the page, and in a frame of it whether the tablet has come.

    A second look, or one after ten minutes, shows no code. Nothing here runs a script: the frame loads itself anew.
    """
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route("/pair/{token}", show_pairing, methods=["GET"])
    router.add_api_route("/pair/{token}/state", show_state, methods=["GET"])
    return router


def show_pairing(pages: Pages, visitor: AnyVisitor, token: str) -> Response:
    """Answer with the code, or say why there is none."""
    shown = show_page(pages.database, token, now=pages.clock())
    state_path = f"/pair/{token}/state?lang={visitor.language}"
    status = HTTPStatus.NOT_FOUND if shown is None else HTTPStatus.OK
    return pages.show(
        "pairing.html",
        visitor,
        status=status,
        headers=FRAMING_HEADERS,
        page=shown,
        code_image=drawn_code(shown),
        state_path=state_path,
    )


def show_state(pages: Pages, visitor: AnyVisitor, token: str) -> Response:
    """Answer with whether the tablet has come."""
    shown = page_state(pages.database, token, now=pages.clock())
    return pages.show("pairing_state.html", visitor, headers=FRAMED_HEADERS, page=shown)


def drawn_code(page: PairingPage | None) -> str | None:
    """Return the code as an image of our own making; None where there is no code to show."""
    if page is None or page.code is None:
        return None
    code = segno.make(page.code, error="l", micro=False)
    return str(code.svg_inline(border=_BORDER, light="#fff", omitsize=True))
