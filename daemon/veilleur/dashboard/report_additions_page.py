"""What stands in every report: kept on the page of reports, changed there and removed there."""

from __future__ import annotations

from base64 import b64decode
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Response
from starlette.responses import RedirectResponse

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.forms import MemberForm
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.reports_page import FormRefused, logo_of, refused_page
from veilleur.dashboard.uploads import MemberUpload
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.report import LONGEST_WORDS
from veilleur.model.scope import TokenScope
from veilleur.store.report_additions import keep_logo, keep_words, kept_logo

_WORDS: Final = "/reports/words"
_LOGO: Final = "/reports/logo"
_PICTURE_HEADERS: Final = {
    "Cache-Control": "no-store",
    # An SVG that is opened by its address runs nothing, and is of no origin.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def report_additions_router() -> APIRouter:
    """Return the routes of what is kept for reports."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route(_WORDS, keep_these_words, methods=["POST"])
    router.add_api_route(_LOGO, show_logo, methods=["GET", "HEAD"])
    router.add_api_route(_LOGO, keep_this_logo, methods=["POST"])
    router.add_api_route(_LOGO + "/removal", remove_logo, methods=["POST"])
    return router


def keep_these_words(pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Keep words for a watch's reports; none are kept where none are given."""
    member.require(TokenScope.WRITE_CASES)
    words, watch = fields.get("words", "").strip(), fields.get("watch", "")
    if len(words) > LONGEST_WORDS:
        return refused_page(pages, member, FormRefused("kept-words"))
    by, now = member.person.name, pages.clock()
    if not keep_words(pages.database, member.person.scope, watch, words or None, by=by, now=now):
        return refused_page(pages, member, FormRefused("kept-watch"))
    return _back()


def show_logo(pages: Pages, member: SignedInMember) -> Response:
    """Answer with the logo as a picture."""
    kept = kept_logo(pages.database, member.person.scope)
    if kept is None:
        raise NothingHere
    kind, _, content = kept.address.removeprefix("data:").partition(";base64,")
    return Response(b64decode(content), headers=_PICTURE_HEADERS, media_type=kind)


def keep_this_logo(pages: Pages, member: SignedInMember, sent: MemberUpload) -> Response:
    """Keep a logo for the project's reports; or say on the page why it cannot be taken."""
    member.require(TokenScope.WRITE_CASES)
    try:
        address = logo_of(sent.files.get("logo"), "kept-logo")
    except FormRefused as refused:
        return refused_page(pages, member, refused)
    if address is None:
        return refused_page(pages, member, FormRefused("kept-logo"))
    return _kept(pages, member, address)


def remove_logo(pages: Pages, member: SignedInMember, _fields: MemberForm) -> Response:
    """Keep no logo any more."""
    member.require(TokenScope.WRITE_CASES)
    return _kept(pages, member, None)


def _kept(pages: PageContext, member: Member, address: str | None) -> Response:
    keep_logo(pages.database, member.person.scope, address, by=member.person.name, now=pages.clock())
    return _back()


def _back() -> Response:
    return RedirectResponse("/reports#kept", HTTPStatus.SEE_OTHER)
