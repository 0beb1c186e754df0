"""Watches: what each holds that one has not seen, made and changed from a query, and tried on the past."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Response
from starlette.responses import RedirectResponse

from veilleur.campaigns.origins import Origins
from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.first_run_page import FIRST, START_PATH, IsFirst
from veilleur.dashboard.forms import Fields, MemberForm
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.stream_page import QueryText, WrongQuery, today_of, wrong_query
from veilleur.dashboard.stream_rows import rows_of
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.errors import QueryError, StaleCursor
from veilleur.model.scope import TokenScope
from veilleur.model.watch import LONGEST_DESCRIPTION, LONGEST_NAME, NAME_PATTERN, Saved, Watch, WatchDraft
from veilleur.store.watch_hits import mark_seen, new_mentions
from veilleur.store.watches import archive_watch, get_watch, restore_watch, watch_history
from veilleur.watches.keeping import watch_overview, watch_overviews, write_watch

_PATH: Final = "/watches"
_NEW_ROWS: Final = 50
_EMPTY: Final = {"name": "", "q": "", "description": "", "first": ""}

_Archived = Annotated[bool, Query(alias="archived")]
WatchName = Annotated[str, Path(max_length=LONGEST_NAME, pattern=NAME_PATTERN)]


def watches_router() -> APIRouter:
    """Return the routes of watches; `/new-watch` stands apart, since a watch may have any name."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    one = _PATH + "/{name}"
    router.add_api_route(_PATH, show_watches, methods=["GET", "HEAD"])
    router.add_api_route("/new-watch", show_new, methods=["GET", "HEAD"])
    router.add_api_route("/new-watch", make_watch, methods=["POST"])
    router.add_api_route(one, show_watch, methods=["GET", "HEAD"])
    router.add_api_route(one + "/edit", show_edit, methods=["GET", "HEAD"])
    router.add_api_route(one + "/edit", change_watch, methods=["POST"])
    router.add_api_route(one + "/seen", see, methods=["POST"])
    router.add_api_route(one + "/archive", archive, methods=["POST"])
    router.add_api_route(one + "/restore", restore, methods=["POST"])
    return router


def show_watches(pages: Pages, member: SignedInMember, with_archived: _Archived = False) -> Response:
    """Answer with every watch and how much of it this person has not seen."""
    overviews = watch_overviews(
        pages.database, member.person.scope, member.person.name, now=pages.clock(), with_archived=with_archived
    )
    return pages.show("watches.html", member.visitor, watches=overviews, with_archived=with_archived)


def show_new(pages: Pages, member: SignedInMember, text: QueryText = "", is_first: IsFirst = False) -> Response:
    """Answer with the form that keeps a query; whoever makes their first one is led back to the first steps."""
    member.require(TokenScope.WRITE_CASES)
    return _form(pages, member, {"q": text} | ({FIRST: FIRST} if is_first else {}))


def make_watch(pages: Pages, member: SignedInMember, fields: MemberForm) -> Response:
    """Keep a query under a name that no watch has yet."""
    return _save(pages, member, None, fields)


def show_watch(pages: Pages, member: SignedInMember, name: WatchName) -> Response:
    """Answer with what came in for a watch since this person saw it, and with the form that tries it on the past."""
    watch = found_watch(pages, member, name)
    scope, reader = member.person.scope, member.person.name
    new = new_mentions(pages.database, scope, watch, reader, limit=_NEW_ROWS)
    told = Origins(pages.database, scope).told(new.mentions)
    return pages.show(
        "watch.html",
        member.visitor,
        overview=watch_overview(pages.database, scope, reader, watch, now=pages.clock()),
        rows=list(rows_of(told, member, today_of(pages, member))),
        new=new,
        versions=watch_history(pages.database, scope, watch.name),
    )


def show_edit(pages: Pages, member: SignedInMember, name: WatchName) -> Response:
    """Answer with the form that changes a watch."""
    member.require(TokenScope.WRITE_CASES)
    watch = found_watch(pages, member, name)
    fields = {"name": watch.name, "q": watch.query, "description": watch.description or ""}
    return _form(pages, member, fields, watch)


def change_watch(pages: Pages, member: SignedInMember, name: WatchName, fields: MemberForm) -> Response:
    """Put what the form says in a watch's place; what it asked before is kept."""
    return _save(pages, member, found_watch(pages, member, name), fields)


def see(pages: Pages, member: SignedInMember, name: WatchName, fields: MemberForm) -> Response:
    """Keep that this person has seen what the page showed."""
    watch = found_watch(pages, member, name)
    try:
        mark_seen(pages.database, watch, member.person.name, fields.get("through") or None, now=pages.clock())
    except StaleCursor:
        raise NothingHere from None
    return _to(watch.name)


def archive(pages: Pages, member: SignedInMember, name: WatchName, _fields: MemberForm) -> Response:
    """Let a watch rest; its page has the button that lets it go on."""
    member.require(TokenScope.WRITE_CASES)
    watch = found_watch(pages, member, name)
    archive_watch(pages.database, member.person.scope, watch.name, by=member.person.name, now=pages.clock())
    return _to(watch.name)


def restore(pages: Pages, member: SignedInMember, name: WatchName, _fields: MemberForm) -> Response:
    """Let an archived watch go on."""
    member.require(TokenScope.WRITE_CASES)
    restore_watch(pages.database, member.person.scope, found_watch(pages, member, name).name)
    return _to(name)


def _save(pages: PageContext, member: Member, watch: Watch | None, fields: Fields) -> Response:
    member.require(TokenScope.WRITE_CASES)
    name, query = fields.get("name", "").strip(), fields.get("q", "")
    description = fields.get("description", "").strip()[:LONGEST_DESCRIPTION] or None
    scope = member.person.scope
    if len(name) > LONGEST_NAME or re.match(NAME_PATTERN, name) is None:
        return _form(pages, member, fields, watch, is_misnamed=True)
    if watch is None and get_watch(pages.database, scope, name) is not None:
        return _form(pages, member, fields, watch, trouble=Saved.NAME_TAKEN)
    draft = WatchDraft(query, member.visitor.zone.key if watch is None else watch.zone, description)
    old_name = name if watch is None else watch.name
    try:
        saved = write_watch(
            pages.database, scope, old_name, draft, by=member.person.name, now=pages.clock(), new_name=name
        )
    except QueryError as error:
        return _form(pages, member, fields, watch, wrong=wrong_query(query, error, member.visitor.language))
    if saved is Saved.SAVED and FIRST in fields:
        return RedirectResponse(START_PATH, HTTPStatus.SEE_OTHER)
    return _to(name) if saved is Saved.SAVED else _form(pages, member, fields, watch, trouble=saved)


def _form(  # noqa: PLR0913 - the form, and the one thing that may be wrong with it
    pages: PageContext,
    member: Member,
    fields: Fields,
    watch: Watch | None = None,
    *,
    wrong: WrongQuery | None = None,
    is_misnamed: bool = False,
    trouble: Saved | None = None,
) -> Response:
    is_refused = is_misnamed or wrong is not None or trouble is not None
    return pages.show(
        "watch_form.html",
        member.visitor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK,
        fields=_EMPTY | dict(fields),
        watch=watch,
        wrong=wrong,
        is_misnamed=is_misnamed,
        trouble=trouble,
        longest_name=LONGEST_NAME,
    )


def found_watch(pages: PageContext, member: Member, name: str) -> Watch:
    """Return a watch; raises NothingHere where there is none that this person may see."""
    watch = get_watch(pages.database, member.person.scope, name)
    if watch is None:
        raise NothingHere
    return watch


def _to(name: str) -> Response:
    return RedirectResponse(f"{_PATH}/{quote(name, safe='')}", HTTPStatus.SEE_OTHER)
