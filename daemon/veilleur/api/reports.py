"""Operations that answer with a report of a watch or a query: what was in a period, as JSON or as one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AfterValidator

from veilleur.api import report_shapes as shapes
from veilleur.api.admission import ReaderScope
from veilleur.api.context import ApiContext, Context
from veilleur.api.parameters import AskedQuestion, Language, PhraseLanguage, known_zone
from veilleur.api.problems import ParameterError, Problem, ProblemKind, Refusal
from veilleur.api.watches import WatchName, found_watch
from veilleur.api.writing import json_answer
from veilleur.model.errors import QueryError
from veilleur.model.report import LONGEST_TITLE, Report, ReportAdditions
from veilleur.model.scope import Scope, TokenScope
from veilleur.model.watch import LONGEST_NAME
from veilleur.model.wire import report_addition_fields, report_fields
from veilleur.query.periods import read_period
from veilleur.reports.making import Subject, make_report, subject_of
from veilleur.reports.rendering import REPORT_HEADERS, Presentation, report_page
from veilleur.store.report_additions import kept_additions
from veilleur.wording import languages

USUAL_PERIOD: Final = "7d"
_HTML: Final = "text/html"
_PERIOD_HELP: Final = (
    "`7d` (the seven whole days before today), `24h`, `2026-11-20`, `2026-W46`, `2026-11` or `2026-11-09..2026-11-15`."
)
_PeriodText = Annotated[
    str,
    Query(alias="period", max_length=40, description=_PERIOD_HELP, openapi_examples={"week": {"value": "2026-W46"}}),
]
_WithPrivate = Annotated[bool, Query(description="What is private or of a group too: needs `read:private`.")]
_ReportZone = Annotated[
    str | None,
    AfterValidator(lambda name: None if name is None else known_zone(name)),
    Query(alias="report_zone", description="Another zone than the watch's, in which days begin."),
]
_Bare = Annotated[bool, Query(description="Without the words and the logo that are kept for reports.")]
_OfWatch = Annotated[str | None, Query(alias="watch", max_length=LONGEST_NAME, description="A watch's name.")]
_Title = Annotated[str | None, Query(max_length=LONGEST_TITLE, description="How the report is called.")]


@dataclass(frozen=True, slots=True)
class _Wish:
    """Which period is asked for, who asks, and what of it is to be told."""

    period: str
    reader: Scope
    scope: Scope


def _wish(scope: ReaderScope, period: _PeriodText = USUAL_PERIOD, with_private: _WithPrivate = False) -> _Wish:
    if with_private and not scope.may_read_private:
        private = TokenScope.READ_PRIVATE
        detail = f"A report of private mentions needs a token with the scope {private}."
        raise Refusal(Problem(kind=ProblemKind.MISSING_SCOPE, detail=detail, missing_scope=private))
    return _Wish(period, scope, Scope(scope.project, may_read_private=with_private))


_AskedReport = Annotated[_Wish, Depends(_wish)]


@dataclass(frozen=True, slots=True)
class _Look:
    """How the page is to be."""

    language: Language
    is_bare: bool


def _look(language: PhraseLanguage = Language.ENGLISH, bare: _Bare = False) -> _Look:
    return _Look(language, bare)


_AskedLook = Annotated[_Look, Depends(_look)]


def report_router() -> APIRouter:
    """Return the operations that answer with a report."""
    router = APIRouter(tags=["watches"])
    page: dict[int | str, dict[str, Any]] = {200: {"content": {_HTML: {"schema": {"type": "string"}}}}}
    for path, of_json, of_page, of_what in (
        ("/watches/{name}/report", report_watch, report_watch_page, "a watch"),
        ("/report", report_query, report_query_page, "a query"),
    ):
        router.add_api_route(path, of_json, summary=f"Report on {of_what}", response_model=shapes.Report)
        router.add_api_route(
            f"{path}.html", of_page, summary=f"Report on {of_what}, to print", response_class=Response, responses=page
        )
    summary = "Words and logo that are kept for reports"
    router.add_api_route("/report-additions", read_report_additions, summary=summary, response_model=shapes.Additions)
    return router


def read_report_additions(context: Context, scope: ReaderScope, watch: _OfWatch = None) -> Response:
    """Answer with the project's logo, and with the words for a watch that is named; null where nothing is kept."""
    return json_answer(report_addition_fields(kept_additions(context.database, scope, watch)))


def report_watch(context: Context, name: WatchName, asked: _AskedReport, zone: _ReportZone = None) -> Response:
    """Answer with what a watch held in a period beside the period before: figures, notable mentions, what was missed.

    Public mentions only, unless `with_private` asks for others.
    """
    return json_answer(report_fields(_of_watch(context, asked, name, zone)))


def report_watch_page(
    context: Context,
    name: WatchName,
    asked: _AskedReport,
    zone: _ReportZone = None,
    *,
    look: _AskedLook,
) -> Response:
    """Answer with the same as one page that fetches nothing, to be sent or printed, with the words and logo kept."""
    kept = ReportAdditions() if look.is_bare else kept_additions(context.database, asked.reader, name)
    return _page(_of_watch(context, asked, name, zone), kept, look)


def report_query(context: Context, question: AskedQuestion, asked: _AskedReport, title: _Title = None) -> Response:
    """Answer with what a query held in a period, as of a watch."""
    return json_answer(report_fields(_of_query(context, asked, question, title)))


def report_query_page(
    context: Context,
    question: AskedQuestion,
    asked: _AskedReport,
    title: _Title = None,
    *,
    look: _AskedLook,
) -> Response:
    """Answer with the same as one page that fetches nothing, to be sent or printed, with the logo that is kept."""
    kept = ReportAdditions() if look.is_bare else kept_additions(context.database, asked.reader)
    return _page(_of_query(context, asked, question, title), kept, look)


def _of_watch(context: ApiContext, asked: _Wish, name: str, zone: str | None) -> Report:
    return _made(context, asked, subject_of(found_watch(context, asked.reader, name), zone=zone))


def _of_query(context: ApiContext, asked: _Wish, question: AskedQuestion, title: str | None) -> Report:
    subject = Subject(title=title or question.text, query=question.text, zone=question.zone.key)
    return _made(context, asked, subject)


def _made(context: ApiContext, asked: _Wish, subject: Subject) -> Report:
    now = context.clock()
    try:
        period = read_period(asked.period, now=now, zone=ZoneInfo(subject.zone))
    except QueryError as error:
        wrong = ParameterError("period", f"Input should be {error.expected}")
        detail = f"period: {wrong.reason}"
        raise Refusal(Problem(kind=ProblemKind.WRONG_PARAMETER, detail=detail, errors=(wrong,))) from None
    return make_report(context.database, asked.scope, subject, period, now=now)


def _page(report: Report, kept: ReportAdditions, look: _Look) -> Response:
    shown = Presentation(language=languages.Language(look.language.value), words=kept.words, logo=kept.logo)
    return Response(report_page(report, shown), media_type=_HTML, headers=REPORT_HEADERS)
