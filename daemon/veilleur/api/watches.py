"""Operations on watches: keep them, read what they hold and what is new, and try conditions on the past."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Response

from veilleur.api import answers
from veilleur.api import watch_shapes as shapes
from veilleur.api.admission import CaseWriter, NamedReader, Reader, ReaderScope
from veilleur.api.context import ApiContext, Context
from veilleur.api.parameters import FIRST_ROWS, AskedQuestion, AskedWindow, Cursor, Limit
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.writing import json_answer, page_fields
from veilleur.campaigns.origins import Origins
from veilleur.model.condition import LONGEST_MINUTES, MOST_IN_WINDOW, Condition, ConditionKind
from veilleur.model.coverage import CoverageFilter
from veilleur.model.scope import Scope
from veilleur.model.watch import LONGEST_NAME, NAME_PATTERN, Saved, Watch, WatchDraft
from veilleur.model.wire import (
    backtest_fields,
    completeness_fields,
    mention_fields,
    watch_fields,
    watch_overview_fields,
    watch_version_fields,
)
from veilleur.query.window import window_of
from veilleur.store import watches as stored
from veilleur.store.coverage import completeness
from veilleur.store.mentions import page_mentions
from veilleur.store.sealed_cursors import CURSOR_PATTERN
from veilleur.store.watch_hits import mark_seen, new_mentions
from veilleur.watches.asking import asked_now
from veilleur.watches.backtest import USUAL_SPAN, Trial, backtest
from veilleur.watches.keeping import page_history, page_watches, watch_overview, write_watch

_MOST_TELLINGS: Final = 500

WatchName = Annotated[
    str,
    Path(
        max_length=LONGEST_NAME,
        pattern=NAME_PATTERN,
        description="A watch's name.",
        openapi_examples={"watch": {"value": "plastique"}},
    ),
]
_Archived = Annotated[bool, Query(alias="archived", description="Those that rest too.")]
_Through = Annotated[
    str | None,
    Query(pattern=CURSOR_PATTERN, description="The `next_cursor` of what was seen. Left out: all of it."),
]
_After = Annotated[
    str | None,
    Query(pattern=CURSOR_PATTERN, description="The `next_cursor` of an earlier answer. Left out: from what was seen."),
]
_Kind = Annotated[ConditionKind, Query(alias="condition", description="What is waited for.")]
_AtLeast = Annotated[int, Query(ge=1, le=MOST_IN_WINDOW, description="For `count`: so many mentions.")]
_Window = Annotated[
    int, Query(ge=1, le=LONGEST_MINUTES, description="For `count` and `silence`: within or for so many minutes.")
]
_CoolDown = Annotated[
    int, Query(ge=0, le=LONGEST_MINUTES, description="So many minutes at least from one telling to the next.")
]


def _asked_condition(
    kind: _Kind = ConditionKind.EVERY,
    at_least: _AtLeast = 1,
    window_minutes: _Window = 60,
    cool_down_minutes: _CoolDown = 0,
) -> Condition:
    return Condition(kind=kind, at_least=at_least, window_minutes=window_minutes, cool_down_minutes=cool_down_minutes)


_AskedCondition = Annotated[Condition, Depends(_asked_condition)]


def watch_router() -> APIRouter:
    """Return the operations on watches."""
    router = APIRouter(tags=["watches"])
    one, shape = "/watches/{name}", shapes.Watch
    for path, operation, method, summary, model in (
        ("/watches", list_watches, "GET", "List watches", shapes.WatchList),
        (one, read_watch, "GET", "Read one watch", shapes.WatchOverview),
        (one, write_watch_of, "PUT", "Make or change a watch", shape),
        (one, remove_watch, "DELETE", "Archive a watch", shape),
        (f"{one}/restore", restore_watch, "POST", "Let an archived watch go on", shape),
        (f"{one}/history", read_watch_history, "GET", "What a watch asked before", shapes.WatchHistory),
        (f"{one}/mentions", search_watch, "GET", "What a watch holds now", answers.MentionPage),
        (f"{one}/new", list_new_mentions, "GET", "What came in since it was seen", shapes.NewMentions),
        (f"{one}/seen", mark_watch_seen, "POST", "Say what was seen", shapes.WatchOverview),
        (f"{one}/backtest", backtest_watch, "GET", "Try a condition on a watch's past", shapes.Backtest),
        ("/backtest", backtest_query, "GET", "Try a condition on a query's past", shapes.Backtest),
    ):
        router.add_api_route(path, operation, methods=[method], summary=summary, response_model=model)
    return router


def list_watches(
    context: Context,
    reader: NamedReader,
    with_archived: _Archived = False,
    limit: Limit = FIRST_ROWS,
    cursor: Cursor = None,
) -> Response:
    """Answer with the project's watches by name, each with what this token has not seen of it."""
    page = page_watches(
        context.database,
        reader.scope,
        reader.name,
        now=context.clock(),
        limit=limit,
        cursor=cursor,
        with_archived=with_archived,
    )
    rows = [watch_overview_fields(one) for one in page.watches]
    return json_answer(page_fields("watches", rows, page.next_cursor, completeness(context.database, reader.scope)))


def read_watch(context: Context, reader: NamedReader, name: WatchName) -> Response:
    """Answer with one watch, archived or not."""
    return _overview(context, reader, found_watch(context, reader.scope, name))


def write_watch_of(context: Context, writer: CaseWriter, name: WatchName, body: shapes.WatchShape) -> Response:
    """Make a watch or put this in its place, and answer with it; what it asked before is kept.

    Needs the scope `write:cases`. A query that cannot be read is refused with the column.
    """
    draft, new_name = WatchDraft(body.query, body.zone, body.description), body.name or name
    saved = write_watch(
        context.database, writer.scope, name, draft, by=writer.name, now=context.clock(), new_name=new_name
    )
    match saved:
        case Saved.NAME_TAKEN:
            raise _conflict("Another watch has this name already.")
        case Saved.ARCHIVED:
            raise _conflict("This watch is archived: restore it first.")
        case Saved.SAVED:
            return json_answer(watch_fields(found_watch(context, writer.scope, new_name)))


def remove_watch(context: Context, writer: CaseWriter, name: WatchName) -> Response:
    """Let a watch rest: it is kept, and can be restored; needs the scope `write:cases`."""
    found_watch(context, writer.scope, name)
    stored.archive_watch(context.database, writer.scope, name, by=writer.name, now=context.clock())
    return json_answer(watch_fields(found_watch(context, writer.scope, name)))


def restore_watch(context: Context, writer: CaseWriter, name: WatchName) -> Response:
    """Let an archived watch go on; needs the scope `write:cases`."""
    found_watch(context, writer.scope, name)
    stored.restore_watch(context.database, writer.scope, name)
    return json_answer(watch_fields(found_watch(context, writer.scope, name)))


def read_watch_history(
    context: Context, scope: ReaderScope, name: WatchName, limit: Limit = FIRST_ROWS, cursor: Cursor = None
) -> Response:
    """Answer with what a watch asked, the newest version first."""
    found_watch(context, scope, name)
    page = page_history(context.database, scope, name, limit=limit, cursor=cursor)
    rows = [watch_version_fields(one) for one in page.versions]
    return json_answer({"versions": rows, "next_cursor": page.next_cursor})


def search_watch(
    context: Context, scope: ReaderScope, name: WatchName, limit: Limit = FIRST_ROWS, cursor: Cursor = None
) -> Response:
    """Answer with the mentions that a watch holds now, newest first, also those from before it was made."""
    watch = found_watch(context, scope, name)
    query = asked_now(watch.query, watch.zone, context.clock())
    page = page_mentions(context.database, scope, query, limit=limit, cursor=cursor)
    rows = [mention_fields(one) for one in Origins(context.database, scope).told(page.mentions)]
    unseen = completeness(context.database, scope, window_of(query))
    return json_answer(page_fields("mentions", rows, page.next_cursor, unseen))


def list_new_mentions(
    context: Context, reader: NamedReader, name: WatchName, limit: Limit = FIRST_ROWS, after: _After = None
) -> Response:
    """Answer with the mentions that came in since this token saw the watch, the first first; a replay brings none.

    The newest thousand of a watch are remembered.
    """
    watch = found_watch(context, reader.scope, name)
    page = new_mentions(context.database, reader.scope, watch, reader.name, limit=limit, after=after)
    rows = [mention_fields(one) for one in Origins(context.database, reader.scope).told(page.mentions)]
    query = asked_now(watch.query, watch.zone, context.clock())
    unseen = completeness(context.database, reader.scope, window_of(query))
    return json_answer(page_fields("mentions", rows, page.next_cursor, unseen) | {"has_more": page.has_more})


def mark_watch_seen(context: Context, reader: NamedReader, name: WatchName, through: _Through = None) -> Response:
    """Keep that this token has seen what came in for a watch, and answer with what is left."""
    watch = found_watch(context, reader.scope, name)
    mark_seen(context.database, watch, reader.name, through, now=context.clock())
    return _overview(context, reader, watch)


def backtest_watch(  # noqa: PLR0913 - an operation's parameters
    context: Context,
    scope: ReaderScope,
    name: WatchName,
    *,
    condition: _AskedCondition,
    window: AskedWindow,
    limit: Limit = _MOST_TELLINGS,
) -> Response:
    """Answer with when a condition would have told somebody of a watch's mentions; without `since`, in 30 days."""
    watch = found_watch(context, scope, name)
    return _tried(context, scope, _trial(context, watch.query, watch.zone, condition, window), limit)


def backtest_query(  # noqa: PLR0913 - an operation's parameters
    context: Context,
    scope: ReaderScope,
    question: AskedQuestion,
    *,
    condition: _AskedCondition,
    window: AskedWindow,
    limit: Limit = _MOST_TELLINGS,
) -> Response:
    """Answer with when a condition would have told somebody of a query's mentions; without `since`, in 30 days."""
    return _tried(context, scope, _trial(context, question.text, question.zone.key, condition, window), limit)


def _trial(context: ApiContext, query: str, zone: str, condition: Condition, window: CoverageFilter) -> Trial:
    until_at = window.until_at or context.clock()
    since_at = window.since_at or until_at - USUAL_SPAN
    return Trial(query=query, zone=zone, condition=condition, since_at=since_at, until_at=until_at)


def _tried(context: ApiContext, scope: Scope, trial: Trial, limit: int) -> Response:
    result = backtest(context.database, scope, trial, now=context.clock(), limit=limit)
    window = CoverageFilter(since_at=trial.since_at, until_at=trial.until_at)
    unseen = completeness(context.database, scope, window)
    return json_answer(backtest_fields(result) | {"completeness": completeness_fields(unseen)})


def _overview(context: ApiContext, reader: Reader, watch: Watch) -> Response:
    found = watch_overview(context.database, reader.scope, reader.name, watch, now=context.clock())
    return json_answer(watch_overview_fields(found))


def found_watch(context: ApiContext, scope: Scope, name: str) -> Watch:
    """Return the watch of this name, archived or not; else refuse the name."""
    watch = stored.get_watch(context.database, scope, name)
    if watch is None:
        raise Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail="There is no watch of this name."))
    return watch


def _conflict(detail: str) -> Refusal:
    return Refusal(Problem(kind=ProblemKind.CONFLICT, detail=detail))
