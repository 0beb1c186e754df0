"""Reports: one is made for a watch or a query and a period, to be looked at, printed or kept; others are scheduled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Response
from msgspec import Struct
from starlette.responses import RedirectResponse

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.forms import Fields, MemberForm
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.uploads import MemberUpload
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.errors import LogoRefused, QueryError
from veilleur.model.report import LONGEST_TITLE, LONGEST_WORDS, Report
from veilleur.model.report_schedule import Every, ReportKind, ReportScheduleDraft, ReportScheduleId
from veilleur.model.scope import Scope, TokenScope
from veilleur.query.periods import read_period
from veilleur.query.refusing import expected_in
from veilleur.reports.due import due_after
from veilleur.reports.logo import MOST_BYTES, logo_address
from veilleur.reports.making import Subject, make_report, subject_of
from veilleur.reports.rendering import REPORT_HEADERS, Presentation, report_page
from veilleur.store.receivers import list_receivers
from veilleur.store.report_additions import kept_additions, kept_logo, list_kept_words
from veilleur.store.report_schedules import add_schedule, list_schedules, remove_schedule
from veilleur.store.watches import get_watch, list_watches
from veilleur.wording.languages import Language
from veilleur.wording.refusals import refusal_text

_PATH: Final = "/reports"
_PAGE: Final = "/reports/page"
_SCHEDULES: Final = "/reports/schedules"
_USUAL_PERIOD: Final = "7d"
_RECEIVER: Final = "receiver:"
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_UNSAID: Final = re.compile(r"[^\w.-]+")
_MOST_ID: Final = 2**63 - 1
_EMPTY: Final = {"watch": "", "title": "", "q": "", "period": _USUAL_PERIOD, "words": "", "language": ""}

AskedWatch = Annotated[str, Query(alias="watch", max_length=200)]
ScheduleNumber = Annotated[int, Path(ge=1, le=_MOST_ID)]


class FormRefused(Exception):
    """The report or schedule cannot be made; the message names the field that is wrong, `why` what is with it."""

    def __init__(self, field: str, why: LogoRefused | QueryError | None = None) -> None:
        super().__init__(field)
        self.field = field
        self.why = why


class _Told(Struct, frozen=True):
    """What the page says of what was sent: which field is wrong and why."""

    field: str | None = None
    detail: str = ""


def reports_router() -> APIRouter:
    """Return the routes of reports."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(_PATH, show_reports, methods=["GET", "HEAD"])
    router.add_api_route(_PAGE, make, methods=["POST"])
    router.add_api_route(_SCHEDULES, schedule, methods=["POST"])
    router.add_api_route(_SCHEDULES + "/{schedule_id}/removal", remove, methods=["POST"])
    return router


def show_reports(pages: Pages, member: SignedInMember, watch: AskedWatch = "") -> Response:
    """Answer with the form that makes a report, and the reports that are sent by themselves."""
    return _reports(pages, member, {"watch": watch})


def make(pages: Pages, member: SignedInMember, sent: MemberUpload) -> Response:
    """Answer with the report's page, to be looked at or kept; or say on the form what is wrong."""
    fields = sent.fields
    try:
        shown = _presentation(pages, member, fields, sent.files.get("logo"))
        report = _report(pages, member, fields)
    except FormRefused as refused:
        return refused_page(pages, member, refused, fields)
    headers = dict(REPORT_HEADERS)
    if fields.get("how") == "keep":
        name = _UNSAID.sub("-", f"{report.title}-{fields.get('period', '')}".encode("ascii", "ignore").decode())
        headers["Content-Disposition"] = f'attachment; filename="{name.strip("-.") or "report"}.html"'
    return Response(report_page(report, shown), headers=headers, media_type="text/html")


def schedule(pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Have a report or a morning message sent from now on; or say on the form what is wrong."""
    member.require(TokenScope.WRITE_CASES)
    try:
        draft = _draft(member, fields)
    except FormRefused as refused:
        return _reports(pages, member, {}, _Told(f"schedule-{refused.field}"))
    now, by = pages.clock(), member.person.name
    due_at = due_after(draft, now)
    if add_schedule(pages.database, member.person.scope, draft, due_at=due_at, by=by, now=now) is None:
        return _reports(pages, member, {}, _Told("schedule-receivers"))
    return RedirectResponse(f"{_PATH}#schedules", HTTPStatus.SEE_OTHER)


def remove(pages: Pages, member: SignedInMember, schedule_id: ScheduleNumber, _fields: MemberForm) -> Response:
    """End a schedule."""
    member.require(TokenScope.WRITE_CASES)
    key, by = ReportScheduleId(schedule_id), member.person.name
    if remove_schedule(pages.database, member.person.scope, key, by=by, now=pages.clock()) is None:
        raise NothingHere
    return RedirectResponse(f"{_PATH}#schedules", HTTPStatus.SEE_OTHER)


def _report(pages: PageContext, member: Member, fields: Fields) -> Report:
    reads_private = "private" in fields
    if reads_private:
        member.require(TokenScope.READ_PRIVATE)
    subject, now = _subject(pages, member, fields), pages.clock()
    try:
        period = read_period(fields.get("period", "").strip(), now=now, zone=member.visitor.zone)
    except QueryError as error:
        raise FormRefused("period", error) from None
    scope = Scope(member.person.project, may_read_private=reads_private)
    try:
        return make_report(pages.database, scope, subject, period, now=now)
    except QueryError as error:
        raise FormRefused("q", error) from None


def _subject(pages: PageContext, member: Member, fields: Fields) -> Subject:
    zone, name = member.visitor.zone.key, fields.get("watch", "")
    if name:
        watch = get_watch(pages.database, member.person.scope, name)
        if watch is None:
            raise FormRefused("watch")
        return subject_of(watch, zone=zone)
    text = fields.get("q", "").strip()
    title = fields.get("title", "").strip()[:LONGEST_TITLE]
    if not (title or text):
        raise FormRefused("title")
    return Subject(title=title or text, query=text, zone=zone)


def refused_page(
    pages: PageContext, member: Member, refused: FormRefused, fields: Mapping[str, str] | None = None
) -> Response:
    """Answer with the page, what was sent, and what is wrong with it."""
    return _reports(pages, member, fields or {}, _Told(refused.field, _why(refused.why, member.visitor.language)))


def _why(why: LogoRefused | QueryError | None, language: Language) -> str:
    match why:
        case LogoRefused():
            return refusal_text(why, language)
        case QueryError():
            return expected_in(language, why.expected) or why.expected
        case _:
            return ""


def logo_of(content: bytes | None, field: str) -> str | None:
    """Return a logo that was sent as a `data:` address; raises FormRefused, which names its field."""
    try:
        return None if content is None else logo_address(content)
    except LogoRefused as error:
        raise FormRefused(field, error) from None


def _presentation(pages: PageContext, member: Member, fields: Fields, logo: bytes | None) -> Presentation:
    """Return how the report is written: with what was sent, else with what is kept unless that is to be left out."""
    words, address = fields.get("words", "").strip() or None, logo_of(logo, "logo")
    if words is not None and len(words) > LONGEST_WORDS:
        raise FormRefused("words")
    if "bare" not in fields:
        kept = kept_additions(pages.database, member.person.scope, fields.get("watch", ""))
        words, address = words or kept.words, address or kept.logo
    return Presentation(language=_language(fields), words=words, logo=address)


def _language(fields: Fields) -> Language:
    asked = fields.get("language", "")
    return Language(asked) if asked in set(Language) else Language.ENGLISH


def _draft(member: Member, fields: Fields) -> ReportScheduleDraft:
    with_private = "private" in fields
    if with_private:
        member.require(TokenScope.READ_PRIVATE)
    time = _TIME.fullmatch(fields.get("at", ""))
    kind, every = fields.get("kind", ""), fields.get("every", "")
    receivers = tuple(name.removeprefix(_RECEIVER) for name in fields if name.startswith(_RECEIVER))
    if time is None or kind not in set(ReportKind) or every not in set(Every):
        raise FormRefused("time")
    if not receivers:
        raise FormRefused("receivers")
    return ReportScheduleDraft(
        watch=fields.get("watch", ""),
        kind=ReportKind(kind),
        every=Every(every),
        at_minute=int(time[1]) * 60 + int(time[2]),
        zone=member.visitor.zone.key,
        language=_language(fields).value,
        with_private=with_private,
        receivers=receivers,
    )


def _reports(pages: PageContext, member: Member, fields: Mapping[str, str], told: _Told = _Told()) -> Response:  # noqa: B008 - a frozen record
    scope = member.person.scope
    shown: dict[str, Any] = _EMPTY | {"language": member.visitor.language.value} | dict(fields)
    return pages.show(
        "reports.html",
        member.visitor,
        status=HTTPStatus.OK if told.field is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        fields=shown,
        told=told,
        watches=list_watches(pages.database, scope),
        schedules=list_schedules(pages.database, scope),
        kept_words=list_kept_words(pages.database, scope),
        kept_logo=kept_logo(pages.database, scope),
        receivers=list_receivers(pages.database, scope),
        kinds=tuple(ReportKind),
        everies=tuple(Every),
        may_read_private=scope.may_read_private,
        longest_title=LONGEST_TITLE,
        longest_words=LONGEST_WORDS,
        most_logo_kb=MOST_BYTES // 1_000,
    )
