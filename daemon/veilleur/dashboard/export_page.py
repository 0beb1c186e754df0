"""Exports of a query: the formats to choose from, and the file itself as it is made."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from starlette.responses import StreamingResponse

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.page_route import PageRoute
from veilleur.dashboard.stream_page import QueryText, known_query
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.exports.mentions import export_chunks, exported_mentions
from veilleur.exports.request import MEDIA_TYPES, ExportRequest, file_name
from veilleur.model.errors import MissingExtra
from veilleur.model.export import Dialect, ExportFormat
from veilleur.query.explaining import explain
from veilleur.query.window import window_of
from veilleur.store.coverage import completeness
from veilleur.store.mentions import total_mentions
from veilleur.wording.languages import Language

_PATH: Final = "/export"

AskedFormat = Annotated[ExportFormat, Query(alias="format")]


def export_router() -> APIRouter:
    """Return the routes of exports."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(_PATH, show_export, methods=["GET", "HEAD"])
    router.add_api_route(_PATH + "/file", send_file, methods=["GET"])
    return router


def show_export(pages: Pages, member: SignedInMember, text: QueryText = "") -> Response:
    """Answer with how many mentions a query finds, and the formats they can be taken in."""
    return _page(pages, member, text)


def send_file(
    pages: Pages,
    member: SignedInMember,
    format: AskedFormat,  # noqa: A002 - the form's field
    text: QueryText = "",
    dialect: Dialect = Dialect.STANDARD,
) -> Response:
    """Answer with the file; or say on the page why this format cannot be made here."""
    query, now = known_query(pages, member, text), pages.clock()
    scope = member.person.scope
    unseen = partial(completeness, pages.database, scope, window_of(query))
    asked = ExportRequest(query=text, zone=member.visitor.zone, asked_at=now, completeness=unseen, dialect=dialect)
    try:
        chunks = export_chunks(format, exported_mentions(pages.database, scope, query), asked)
    except MissingExtra as error:
        return _page(pages, member, text, str(error))
    headers = {"Content-Disposition": f'attachment; filename="{file_name(format, now)}"', "Cache-Control": "no-store"}
    # What fails before the first piece is still told as a page.
    return StreamingResponse(chain([next(chunks, b"")], chunks), headers=headers, media_type=MEDIA_TYPES[format])


def _page(pages: PageContext, member: Member, text: str, refusal: str | None = None) -> Response:
    query, visitor = known_query(pages, member, text), member.visitor
    return pages.show(
        "export.html",
        visitor,
        text=text,
        total=total_mentions(pages.database, member.person.scope, query),
        explained=explain(query, language=visitor.language, zone=visitor.zone),
        unseen=completeness(pages.database, member.person.scope, window_of(query)),
        usual_dialect=Dialect.EXCEL_FR if visitor.language is Language.FRENCH else Dialect.STANDARD,
        refusal=refusal,
    )
