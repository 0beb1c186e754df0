"""The page of a pairing code: shown once, at an address that nobody can guess, until the tablet has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final

import segno
from fastapi import APIRouter, Query, Request, Response

from veilleur.dashboard.languages import Language, load_texts, preferred_language
from veilleur.dashboard.rendering import FRAMED_HEADERS, FRAMING_HEADERS, ICON_PATH, STYLE_PATH, template_environment
from veilleur.store.database import Database
from veilleur.store.pairing_pages import PairingPage, page_state, show_page

_BORDER: Final = 3

AskedLanguage = Annotated[str | None, Query(alias="lang")]


class PairingPages:
    """Answers at `/pair/TOKEN` with the code, once, and in a frame of it with whether the tablet has come.

    A second look, or one after ten minutes, shows no code. Nothing here runs a script: the frame loads itself anew.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        environment = template_environment()
        self._page = environment.get_template("pairing.html")
        self._state = environment.get_template("pairing_state.html")
        self._texts = {language: load_texts(language) for language in Language}

    def router(self) -> APIRouter:
        """Return the two routes."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/pair/{token}", self.show, methods=["GET"])
        router.add_api_route("/pair/{token}/state", self.show_state, methods=["GET"])
        return router

    def show(self, request: Request, token: str, asked: AskedLanguage = None) -> Response:
        """Answer with the code, or say why there is none."""
        shown = show_page(self._database, token, now=self._clock())
        language = preferred_language(request.headers.get("Accept-Language", ""), asked)
        page = self._page.render(
            self._named(language),
            page=shown,
            code_image=_drawn(shown),
            state_path=f"/pair/{token}/state?lang={language}",
        )
        status = HTTPStatus.NOT_FOUND if shown is None else HTTPStatus.OK
        return Response(page, status, headers=FRAMING_HEADERS, media_type="text/html")

    def show_state(self, request: Request, token: str, asked: AskedLanguage = None) -> Response:
        """Answer with whether the tablet has come."""
        shown = page_state(self._database, token, now=self._clock())
        language = preferred_language(request.headers.get("Accept-Language", ""), asked)
        page = self._state.render(self._named(language), page=shown)
        return Response(page, headers=FRAMED_HEADERS, media_type="text/html")

    def _named(self, language: Language) -> dict[str, Any]:
        texts = self._texts[language]["pairing"]
        return {"language": language, "texts": texts, "style_path": STYLE_PATH, "icon_path": ICON_PATH}


def _drawn(page: PairingPage | None) -> str | None:
    """Return the code as an image of our own making; None where there is no code to show."""
    if page is None or page.code is None:
        return None
    code = segno.make(page.code, error="l", micro=False)
    return str(code.svg_inline(border=_BORDER, light="#fff", omitsize=True))
