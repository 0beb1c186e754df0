"""Server-sent events for the stream: mentions as they arrive, change or are erased, and that the line is open."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from veilleur.campaigns.origins import Origins
from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.page_route import PageRoute
from veilleur.dashboard.stream_page import QueryText, known_query, today_of
from veilleur.dashboard.stream_rows import rows_of
from veilleur.dashboard.visits import Member, SignedInMember, visitor_of
from veilleur.delivery.live import Following, Happened, Lost, Quiet, numbered
from veilleur.model.changes import Change
from veilleur.model.mention import Mention
from veilleur.query.matching import Matches, matchable, matcher

_TELL_EVERY_LOOKS: Final = 25
_AGAIN_AFTER_MS: Final = 1_000
_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

After = Annotated[str, Query(pattern="^[0-9a-f]{32}$")]


def live_router() -> APIRouter:
    """Return the route of the events."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route("/stream/live", follow, methods=["GET"])
    return router


def follow(
    request: Request, pages: Pages, member: SignedInMember, after: After, text: QueryText = ""
) -> StreamingResponse:
    """Answer with events from a change on; a browser that was cut off goes on where it was."""
    known_query(pages, member, text)
    cursor = request.headers.get("Last-Event-ID") or after
    events = _Following(request, pages, member, text).events(cursor)
    return StreamingResponse(events, media_type="text/event-stream", headers=_HEADERS)


class _Following:
    """One browser that follows the stream."""

    def __init__(self, request: Request, pages: PageContext, member: Member, text: str) -> None:
        self._request = request
        self._pages = pages
        self._member = member
        self._text = text

    async def events(self, cursor: str) -> AsyncIterator[str]:
        """Yield what happened after a cursor as it happens; ends when browser or daemon go, or at sign-out."""
        yield f"retry: {_AGAIN_AFTER_MS}\n\n"
        following = Following(self._pages.database, self._member.person.scope, is_over=self._pages.is_stopping)
        async for number, look in numbered(following.looks(cursor)):
            if await self._request.is_disconnected():
                return
            if number % _TELL_EVERY_LOOKS == 0:
                if not await run_in_threadpool(self._is_still_signed_in):
                    return
                yield _event("fresh", await run_in_threadpool(self._as_of))
            match look:
                case Lost():
                    yield _event("reset", "")
                    return
                case Happened():
                    yield await run_in_threadpool(self._told, look)
                case Quiet():
                    pass

    def _is_still_signed_in(self) -> bool:
        return visitor_of(self._request, self._pages).signed_in == self._member.person

    def _as_of(self) -> str:
        return self._pages.templates.render("parts/hour.html", self._member.visitor, self._pages.clock(), {})

    def _told(self, look: Happened) -> str:
        # Relative times of the query count back from now, not from when the page was loaded.
        matches = matcher(known_query(self._pages, self._member, self._text))
        shown, gone = _sorted([change for _, change in look.changes], matches)
        events = [_event("erased", mention_id) for mention_id in gone]
        if shown:
            events.append(_event("mentions", self._rows(shown), look.cursor))
        return "".join(events) or f"id: {look.cursor}\n\n"

    def _rows(self, mentions: Sequence[Mention]) -> str:
        told = Origins(self._pages.database, self._member.person.scope).told(mentions)
        rows = list(rows_of(told, self._member, today_of(self._pages, self._member)))
        return self._pages.templates.render(
            "parts/live_rows.html", self._member.visitor, self._pages.clock(), {"rows": rows}
        )


def _sorted(changes: Sequence[Change], matches: Matches) -> tuple[list[Mention], list[str]]:
    """Return the mentions to show, each once as it stands now, and the ids of those to take away."""
    newest = {change.mention_id: change.mention for change in changes}
    shown = [one for one in newest.values() if one is not None and matches(matchable(one))]
    kept = {one.id for one in shown}
    return shown, [mention_id for mention_id in newest if mention_id not in kept]


def _event(name: str, data: str, event_id: str | None = None) -> str:
    lines = "".join(f"data: {line}\n" for line in data.splitlines()) or "data: \n"
    named = "" if event_id is None else f"id: {event_id}\n"
    return f"event: {name}\n{named}{lines}\n"
