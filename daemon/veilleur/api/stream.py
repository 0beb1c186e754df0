"""The live stream: server-sent events of mentions as they are created, changed and erased, with resume."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from veilleur.api.admission import Visit, visit_of
from veilleur.api.changes import NEWEST, with_origins
from veilleur.api.context import ApiContext, Context
from veilleur.api.parameters import AskedQuestion
from veilleur.api.patient_stream import PatientStream
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.watches import found_watch
from veilleur.delivery.live import LOOK_EVERY_S, Following, Happened, Look, Lost, Quiet, numbered
from veilleur.model.changes import Change
from veilleur.model.kinds import ChangeKind
from veilleur.model.watch import LONGEST_NAME
from veilleur.model.wire import change_fields, dump_line
from veilleur.query.matching import Matches, matchable, matcher
from veilleur.watches.asking import asked_now

KEEP_ALIVE_S: Final = 10.0
_LOOKS_A_KEEP_ALIVE: Final = int(KEEP_ALIVE_S / LOOK_EVERY_S)
# A revocation holds within a second.
_LOOKS_AN_ADMISSION: Final = 2
_AGAIN_AFTER_MS: Final = 1_000
_SEAT_AFTER_S: Final = "10"
_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

_After = Annotated[
    str | None,
    Query(
        pattern=f"^([0-9a-f]{{32}}|{NEWEST})$",
        description="Begin after this cursor, of an event's `id` or of `/changes`. Left out: from now on.",
    ),
]
_LastEventId = Annotated[
    str | None,
    Header(max_length=64, description="The newest `id` that came: what a browser sends when it comes again."),
]
_Watch = Annotated[str | None, Query(max_length=LONGEST_NAME, description="Those of this watch alone.")]


def stream_router() -> APIRouter:
    """Return the operation of the live stream."""
    router = APIRouter(tags=["changes"])
    router.add_api_route(
        "/stream",
        follow_mentions,
        methods=["GET"],
        summary="Follow mentions live",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    )
    return router


def follow_mentions(  # noqa: PLR0913 - an operation's parameters
    context: Context,
    visit: Annotated[Visit, Depends(visit_of)],
    question: AskedQuestion,
    *,
    watch: _Watch = None,
    after: _After = None,
    last_event_id: _LastEventId = None,
) -> StreamingResponse:
    """Answer with server-sent events for as long as the line holds.

    `mention`: a change, as `/changes` tells it, of a mention that is asked for. `gone`: a mention that is erased, or
    asked for no more; it may never have been told. `reset`: the place is lost, so read everything anew, and go on
    here. Every `id` is a place: who comes again with it as `Last-Event-ID` misses nothing and is told nothing twice.
    A comment comes every ten seconds. A reader that takes nothing for 30 seconds is cut off, and can come again.
    A token follows at most 20 streams at once. One that is revoked ends its streams.
    """
    if watch is not None and question.text:
        detail = "The stream follows a watch or a query: name one of them."
        raise Refusal(Problem(kind=ProblemKind.WRONG_PARAMETER, detail=detail))
    text, zone = question.text, question.zone.key
    if watch is not None:
        found = found_watch(context, visit.scope, watch)
        text, zone = found.query, found.zone
    follower = _Follower(context, visit, text, zone)
    follower.matches()
    if (full := context.seats.take(visit.name)) is not None:
        raise Refusal(Problem(kind=ProblemKind.TOO_MANY_STREAMS, detail=full), {"Retry-After": _SEAT_AFTER_S})
    cursor = last_event_id or (None if after == NEWEST else after)
    return PatientStream(follower.events(cursor), _HEADERS, ended=partial(context.seats.leave, visit.name))


class _Follower:
    """One reader and what it asks for."""

    def __init__(self, context: ApiContext, visit: Visit, text: str, zone: str) -> None:
        self._context = context
        self._visit = visit
        self._text = text
        self._zone = zone

    def matches(self) -> Matches:
        """Return what is asked for now: relative times slide."""
        return matcher(asked_now(self._text, self._zone, self._context.clock()))

    async def events(self, cursor: str | None) -> AsyncIterator[str]:
        """Yield events from a place on; ends with the daemon, and when the token is revoked."""
        yield f"retry: {_AGAIN_AFTER_MS}\n\n"
        following = Following(self._context.database, self._visit.scope, is_over=self._context.is_stopping)
        async for number, look in numbered(following.looks(cursor)):
            is_time = number % _LOOKS_A_KEEP_ALIVE == 0
            is_to_be_asked = number % _LOOKS_AN_ADMISSION == 0 or not isinstance(look, Quiet)
            if is_to_be_asked and not await run_in_threadpool(self._visit.is_still_admitted):
                return
            if text := await run_in_threadpool(self._told, look):
                yield text
            elif is_time:
                yield f": still here\nid: {look.cursor}\n\n"

    def _told(self, look: Look) -> str:
        match look:
            case Quiet():
                return ""
            case Lost(cursor):
                return _event("reset", {"reason": "the place is not there any more: read everything anew"}, cursor)
            case Happened(changes, cursor):
                told = "".join(self._events(changes))
                return told or f"id: {cursor}\n\n"

    def _events(self, placed: tuple[tuple[str, Change], ...]) -> list[str]:
        matches = self.matches()
        changes = with_origins(self._context.database, self._visit.scope, tuple(change for _, change in placed))
        return [_told(cursor, change, matches) for (cursor, _), change in zip(placed, changes, strict=True)]


def _told(cursor: str, change: Change, matches: Matches) -> str:
    if change.mention is not None and matches(matchable(change.mention)):
        return _event("mention", change_fields(change), cursor)
    if change.mention is not None and change.op == ChangeKind.CREATED:
        return f"id: {cursor}\n\n"
    return _event("gone", {"mention_id": change.mention_id}, cursor)


def _event(name: str, fields: dict[str, object], cursor: str) -> str:
    return f"event: {name}\nid: {cursor}\ndata: {dump_line(fields).decode()}\n\n"
