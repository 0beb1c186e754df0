"""Trends from the database here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from veilleur.app.clock import utc_now
from veilleur.model.coverage import Completeness, CoverageFilter
from veilleur.model.desk import LOCAL_NAME
from veilleur.model.scope import Scope
from veilleur.model.trends import Community, Crossing, Forward, KeptBurst, NamedCommunity, Trend, TrendKind
from veilleur.store import community_names as names
from veilleur.store.coverage import completeness
from veilleur.store.database import Database
from veilleur.store.trend_bursts import page_bursts
from veilleur.trends import reading
from veilleur.trends.communities import named_hashtags


class LocalTrends:
    """Answers `TrendDesk`."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    def rising(self, kind: TrendKind, *, since_at: datetime | None = None, limit: int) -> Sequence[Trend]:
        now = utc_now()
        begin_at = since_at or now - reading.TRENDS_OF
        return reading.read_trends(self._database, self._scope, kind, since_at=begin_at, now=now, limit=limit)

    def bursts(
        self, *, kind: TrendKind | None = None, since_at: datetime | None = None, limit: int
    ) -> Sequence[KeptBurst]:
        begin_at = since_at or utc_now() - reading.BURSTS_OF
        return page_bursts(self._database, self._scope, limit=limit, kind=kind, since_at=begin_at).bursts

    def communities(self, *, since_at: datetime | None = None, limit: int) -> Sequence[Community]:
        now = utc_now()
        begin_at = since_at or now - reading.COMMUNITIES_OF
        return reading.read_communities(self._database, self._scope, since_at=begin_at, now=now)[:limit]

    def named(self) -> Sequence[NamedCommunity]:
        return names.community_names(self._database, self._scope)

    def name_community(self, name: str, hashtags: Sequence[str], *, instead_of: str | None = None) -> NamedCommunity:
        tags, now = named_hashtags(hashtags), utc_now()
        names.name_community(self._database, self._scope, name, tags, by=LOCAL_NAME, now=now, instead_of=instead_of)
        return NamedCommunity(name=name, hashtags=tags, named_by=LOCAL_NAME, named_at=now)

    def forget_name(self, name: str) -> bool:
        return names.forget_name(self._database, self._scope, name)

    def forwards(self, *, since_at: datetime | None = None, limit: int) -> Sequence[Forward]:
        now = utc_now()
        begin_at = since_at or now - reading.FORWARDS_OF
        return reading.read_forwards(self._database, self._scope, since_at=begin_at, now=now)[:limit]

    def crossings(self, *, since_at: datetime | None = None, limit: int) -> Sequence[Crossing]:
        now = utc_now()
        begin_at = since_at or now - reading.CROSSINGS_OF
        return reading.read_crossings(self._database, self._scope, since_at=begin_at, now=now)[:limit]

    def unseen(self, since_at: datetime | None = None) -> Completeness:
        begin_at = since_at or utc_now() - reading.COMMUNITIES_OF
        return completeness(self._database, self._scope, CoverageFilter(since_at=begin_at))
