"""Watches as people write and list them: validated before they are kept, and with what is new in each."""

from __future__ import annotations

from datetime import datetime

from veilleur.model.scope import Scope
from veilleur.model.watch import (
    Saved,
    Unread,
    Watch,
    WatchDraft,
    WatchId,
    WatchOverview,
    WatchPage,
    WatchVersionPage,
)
from veilleur.store.database import Database
from veilleur.store.watch_hits import unread_counts
from veilleur.store.watches import list_watches, save_watch, watch_history
from veilleur.watches.asking import asked_now, problem_of


def write_watch(  # noqa: PLR0913 - what is written, where, by whom and when
    database: Database,
    scope: Scope,
    name: str,
    draft: WatchDraft,
    *,
    by: str,
    now: datetime,
    new_name: str | None = None,
) -> Saved:
    """Make or change a watch; raises QueryError, and nothing is written, where its query cannot be read."""
    asked_now(draft.query, draft.zone, now)
    return save_watch(database, scope, name, draft, by=by, now=now, new_name=new_name)


def watch_overviews(
    database: Database, scope: Scope, reader: str, *, now: datetime, with_archived: bool = False
) -> tuple[WatchOverview, ...]:
    """Return the project's watches by name, each with what this reader has not seen of it."""
    unread = unread_counts(database, scope, reader)
    watches = list_watches(database, scope, with_archived=with_archived)
    return tuple(_overview(watch, unread.get(watch.id, Unread()), now) for watch in watches)


def page_watches(  # noqa: PLR0913 - whose watches, and which page
    database: Database,
    scope: Scope,
    reader: str,
    *,
    now: datetime,
    limit: int,
    cursor: str | None,
    with_archived: bool = False,
) -> WatchPage:
    """Return a page of what `watch_overviews` would, from after `cursor`."""
    after = None if cursor is None else WatchId(int(cursor, 16))
    found = list_watches(database, scope, with_archived=with_archived, after=after, limit=limit + 1)
    unread = unread_counts(database, scope, reader)
    shown = tuple(_overview(watch, unread.get(watch.id, Unread()), now) for watch in found[:limit])
    return WatchPage(shown, f"{shown[-1].watch.id:x}" if len(found) > limit else None)


def page_history(
    database: Database, scope: Scope, name: str, *, limit: int, cursor: str | None = None
) -> WatchVersionPage:
    """Return a page of what a watch asked, the newest version first, from after `cursor`."""
    before = None if cursor is None else int(cursor, 16)
    found = watch_history(database, scope, name, before=before, limit=limit + 1)
    shown = found[:limit]
    return WatchVersionPage(shown, f"{shown[-1].version:x}" if len(found) > limit else None)


def watch_overview(database: Database, scope: Scope, reader: str, watch: Watch, *, now: datetime) -> WatchOverview:
    """Return one watch with what this reader has not seen of it."""
    return _overview(watch, unread_counts(database, scope, reader).get(watch.id, Unread()), now)


def _overview(watch: Watch, unread: Unread, now: datetime) -> WatchOverview:
    return WatchOverview(watch=watch, problem=problem_of(watch, now), unread=unread)
