"""Watches from the database here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from veilleur.app.clock import utc_now
from veilleur.campaigns.origins import Origins
from veilleur.model.condition import BacktestResult, Condition
from veilleur.model.desk import LOCAL_NAME
from veilleur.model.scope import Scope
from veilleur.model.watch import NewMentions, Saved, WatchDraft, WatchOverview, WatchVersion
from veilleur.store import watch_hits
from veilleur.store import watches as stored
from veilleur.store.database import Database
from veilleur.watches import keeping
from veilleur.watches.backtest import Trial, backtest

_MOST_TELLINGS: Final = 500


class LocalWatches:
    """Answers `WatchDesk`; whoever works on this machine is one reader."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    def every(self, *, with_archived: bool = False) -> Sequence[WatchOverview]:
        return keeping.watch_overviews(
            self._database, self._scope, LOCAL_NAME, now=utc_now(), with_archived=with_archived
        )

    def find(self, name: str) -> WatchOverview | None:
        watch = stored.get_watch(self._database, self._scope, name)
        if watch is None:
            return None
        return keeping.watch_overview(self._database, self._scope, LOCAL_NAME, watch, now=utc_now())

    def save(self, name: str, draft: WatchDraft, *, new_name: str | None = None) -> bool:
        saved = keeping.write_watch(
            self._database, self._scope, name, draft, by=LOCAL_NAME, now=utc_now(), new_name=new_name
        )
        return saved is Saved.SAVED

    def history(self, name: str) -> Sequence[WatchVersion]:
        return stored.watch_history(self._database, self._scope, name)

    def archive(self, name: str) -> bool:
        stored.archive_watch(self._database, self._scope, name, by=LOCAL_NAME, now=utc_now())
        return stored.get_watch(self._database, self._scope, name) is not None

    def restore(self, name: str) -> bool:
        stored.restore_watch(self._database, self._scope, name)
        return stored.get_watch(self._database, self._scope, name) is not None

    def new(self, name: str, *, limit: int) -> NewMentions | None:
        watch = stored.get_watch(self._database, self._scope, name)
        if watch is None:
            return None
        found = watch_hits.new_mentions(self._database, self._scope, watch, LOCAL_NAME, limit=limit)
        return replace(found, mentions=tuple(Origins(self._database, self._scope).told(found.mentions)))

    def mark_seen(self, name: str, through: str | None = None) -> None:
        watch = stored.get_watch(self._database, self._scope, name)
        if watch is not None:
            watch_hits.mark_seen(self._database, watch, LOCAL_NAME, through, now=utc_now())

    def backtest(
        self, name: str, condition: Condition, *, since_at: datetime, until_at: datetime
    ) -> BacktestResult | None:
        watch = stored.get_watch(self._database, self._scope, name)
        if watch is None:
            return None
        trial = Trial(query=watch.query, zone=watch.zone, condition=condition, since_at=since_at, until_at=until_at)
        return backtest(self._database, self._scope, trial, now=utc_now(), limit=_MOST_TELLINGS)
