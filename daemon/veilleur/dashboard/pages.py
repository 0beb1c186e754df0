"""The pages: the one at `/` (what this is, whether it works, how much it holds, what to do next), and pairing's."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request, Response

from veilleur.dashboard.languages import Language, load_texts, preferred_language, written_number
from veilleur.dashboard.pairing_page import PairingPages
from veilleur.dashboard.rendering import ICON_PATH, PAGE_HEADERS, STYLE_PATH, template_environment
from veilleur.dashboard.totals import StoredTotals
from veilleur.model.readiness import Readiness
from veilleur.store.database import Database

AskedLanguage = Annotated[str | None, Query(alias="lang")]


def _utc_now() -> datetime:
    return datetime.now(UTC)


def install_pages(  # noqa: PLR0913 - what the pages show, by name
    app: FastAPI,
    database: Database,
    *,
    readiness: Callable[[], Readiness],
    version: str,
    program: str = "veilleur",
    sample_log: str = "samples/restaurant-week.jsonl",
    clock: Callable[[], datetime] = _utc_now,
    elapsed_s: Callable[[], float] = time.monotonic,
) -> None:
    """Add the pages to an application; `program` and `sample_log` are what a person would type here.

    `clock` gives aware UTC instants, `elapsed_s` measures how old the totals on the page are.
    """
    page = _FirstPage(StoredTotals(database, elapsed_s), readiness, version, program, sample_log)
    router = APIRouter(include_in_schema=False)
    for path, show in (("/", page.show), (STYLE_PATH, page.show_style), (ICON_PATH, page.show_icon)):
        router.add_api_route(path, show, methods=["GET", "HEAD"])
    app.include_router(router)
    app.include_router(PairingPages(database, clock).router())


class _FirstPage:
    def __init__(
        self, totals: StoredTotals, readiness: Callable[[], Readiness], version: str, program: str, sample_log: str
    ) -> None:
        self._totals = totals
        self._readiness = readiness
        self._shown = {
            "version": version,
            "program": program,
            "sample_log": sample_log,
            "style_path": STYLE_PATH,
            "icon_path": ICON_PATH,
            "languages": tuple(Language),
        }
        environment = template_environment()
        environment.filters["number"] = written_number
        self._template = environment.get_template("first_page.html")
        self._texts = {language: load_texts(language) for language in Language}
        folder = files("veilleur.dashboard") / "templates"
        self._style = (folder / "style.css").read_bytes()
        self._icon = (folder / "icon.svg").read_bytes()

    def show(self, request: Request, asked: AskedLanguage = None) -> Response:
        language = preferred_language(request.headers.get("Accept-Language", ""), asked)
        page = self._template.render(
            self._shown,
            language=language,
            texts=self._texts[language],
            readiness=self._readiness(),
            totals=self._totals.read(),
            address=str(request.base_url).rstrip("/"),
        )
        return Response(page, headers=PAGE_HEADERS, media_type="text/html")

    async def show_style(self) -> Response:
        return Response(self._style, media_type="text/css")

    async def show_icon(self) -> Response:
        return Response(self._icon, media_type="image/svg+xml")
