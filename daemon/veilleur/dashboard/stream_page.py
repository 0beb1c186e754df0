"""The stream: what a query asks for, newest first, with what was not seen; and the parts that it loads by itself."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from msgspec import Struct

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.narrowing import HASHTAG, is_narrowed, term_of, toggled
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.spans import covered_s
from veilleur.dashboard.stream_rows import read_page
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.counts import Facet, FacetCounts
from veilleur.model.coverage import Completeness
from veilleur.model.errors import QueryError
from veilleur.query import expression
from veilleur.query.explaining import explain
from veilleur.query.reading import read_query
from veilleur.query.refusing import expected_in
from veilleur.query.window import window_of
from veilleur.store.changes import newest_cursor
from veilleur.store.coverage import completeness
from veilleur.store.facets import read_facets
from veilleur.store.mentions import total_mentions

_SHOWN_INTERVALS: Final = 12
_COUNTED_VALUES: Final = 8
_ACTOR: Final = "from"
_FIELDS: Final = {
    "platform": Facet.PLATFORM,
    "kind": Facet.KIND,
    "lang": Facet.LANGUAGE,
    HASHTAG: Facet.HASHTAG,
    _ACTOR: Facet.ACTOR,
}

QueryText = Annotated[str, Query(alias="q")]
Cursor = Annotated[str | None, Query(pattern="^([0-9a-f]{1,15}|[0-7][0-9a-f]{15})$")]
Day = Annotated[date | None, Query()]


class WrongQuery(Struct, frozen=True):
    """What cannot be read: what stands before the column, what stands there, and what was expected, in English too."""

    before: str
    wrong: str
    column: int
    expected: str
    translated: str | None


class Choice(Struct, frozen=True):
    """A value that narrows the query: how many mentions have it, and the query that a click makes.

    `label` is what people call it, where the value is not that.
    """

    value: str
    label: str | None
    count: int
    query: str
    is_chosen: bool


def stream_router() -> APIRouter:
    """Return the routes of the stream."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route("/", show_stream, methods=["GET", "HEAD"])
    router.add_api_route("/stream/page", show_page, methods=["GET"])
    router.add_api_route("/stream/choices", show_choices, methods=["GET"])
    return router


def show_stream(pages: Pages, member: SignedInMember, text: QueryText = "") -> Response:
    """Answer with the first page of the stream, or with what is wrong with the query."""
    try:
        query = asked_query(pages, member, text)
    except QueryError as error:
        return _stream(pages, member, text, wrong=wrong_query(text, error, member.visitor.language))
    scope = member.person.scope
    # Taken before the rows are read: what arrives between the two is told again, never missed.
    change_cursor = newest_cursor(pages.database, scope)
    unseen = completeness(pages.database, scope, window_of(query))
    return _stream(
        pages,
        member,
        text,
        explained=explain(query, language=member.visitor.language, zone=member.visitor.zone) if text.strip() else None,
        page=read_page(pages.database, member, query, today_of(pages, member)),
        unseen=unseen,
        change_cursor=change_cursor,
        unseen_s=covered_s((one.since_at, one.until_at or pages.clock()) for one in unseen.intervals),
        is_empty=not text.strip() and total_mentions(pages.database, scope) == 0,
    )


def show_page(
    pages: Pages, member: SignedInMember, text: QueryText = "", cursor: Cursor = None, day: Day = None
) -> Response:
    """Answer with the rows after a cursor, for the end of the list."""
    page = read_page(
        pages.database, member, known_query(pages, member, text), today_of(pages, member), cursor=cursor, day=day
    )
    return pages.show("parts/stream_rows.html", member.visitor, page=page, text=text, today=today_of(pages, member))


def show_choices(pages: Pages, member: SignedInMember, text: QueryText = "") -> Response:
    """Answer with how many mentions there are of each platform, kind, language, hashtag and account."""
    query = known_query(pages, member, text)
    found = read_facets(pages.database, member.person.scope, query, tuple(_FIELDS.values()), limit=_COUNTED_VALUES)
    choices = {field: _choices(text, field, facet) for field, facet in zip(_FIELDS, found, strict=True)}
    total = total_mentions(pages.database, member.person.scope, query)
    return pages.show("parts/stream_choices.html", member.visitor, choices=choices, total=total)


def asked_query(pages: PageContext, member: Member, text: str) -> expression.Query:
    """Return what a query's text asks for, days in the viewer's zone; raises QueryError."""
    return read_query(text, now=pages.clock(), zone=member.visitor.zone)


def known_query(pages: PageContext, member: Member, text: str) -> expression.Query:
    """Return what a text asks for that a page of ours sent back; raises NothingHere where it cannot be read."""
    try:
        return asked_query(pages, member, text)
    except QueryError:
        raise NothingHere from None


def today_of(pages: PageContext, member: Member) -> date:
    """Return the day that the viewer has."""
    return pages.clock().astimezone(member.visitor.zone).date()


def wrong_query(text: str, error: QueryError, language: str) -> WrongQuery:
    """Return what is wrong with a query's text."""
    at = error.column - 1
    return WrongQuery(text[:at], text[at:], error.column, error.expected, expected_in(language, error.expected))


def _stream(pages: PageContext, member: Member, text: str, **shown: Any) -> Response:  # noqa: ANN401 - for the template
    usual: dict[str, Any] = {
        "wrong": None,
        "explained": None,
        "page": None,
        "unseen": Completeness(),
        "unseen_s": 0.0,
        "is_empty": False,
        "change_cursor": "",
        "shown_intervals": _SHOWN_INTERVALS,
        "today": today_of(pages, member),
        "is_ready": pages.readiness().is_ready,
    }
    return pages.show("stream.html", member.visitor, text=text, **(usual | shown))


def _choices(text: str, field: str, facet: FacetCounts) -> list[Choice]:
    # The key of an actor is a query already.
    terms = [(one, one.key if field == _ACTOR else term_of(field, one.key)) for one in facet.counts]
    return [Choice(one.key, one.label, one.count, toggled(text, term), is_narrowed(text, term)) for one, term in terms]
