"""Mentions from the database here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from msgspec.structs import replace

from veilleur.app.clock import utc_now
from veilleur.campaigns.origins import Origins
from veilleur.model.counts import Facet, FacetCounts, Grain, Timeline
from veilleur.model.coverage import Completeness
from veilleur.model.listing import MentionPage, Order
from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.query.explaining import explain
from veilleur.query.expression import Query
from veilleur.query.reading import read_query
from veilleur.query.window import window_of
from veilleur.store import mentions as stored
from veilleur.store.coverage import completeness
from veilleur.store.database import Database
from veilleur.store.facets import read_facets
from veilleur.store.timeline import read_timeline


class LocalMentions:
    """Answers `MentionDesk`."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    def page(self, query: str, zone: tzinfo, *, limit: int, order: Order = Order.NEWEST) -> MentionPage:
        asked = _asked(query, zone)
        page = stored.page_mentions(self._database, self._scope, asked, limit=limit, order=order)
        found = list(page.mentions)
        while page.next_cursor is not None and len(found) < limit:
            # A costly query's page may be short, even empty: what it looked through, the next one need not.
            rows, cursor = limit - len(found), page.next_cursor
            page = stored.page_mentions(self._database, self._scope, asked, limit=rows, cursor=cursor, order=order)
            found += page.mentions
        return replace(page, mentions=tuple(Origins(self._database, self._scope).told(found)))

    def every(self, query: str, zone: tzinfo) -> Iterator[Mention]:
        found = stored.every_mention(self._database, self._scope, _asked(query, zone))
        return Origins(self._database, self._scope).told(found)

    def total(self, query: str, zone: tzinfo) -> int:
        return stored.total_mentions(self._database, self._scope, _asked(query, zone))

    def facets(self, query: str, zone: tzinfo, by: Sequence[Facet], *, limit: int) -> Sequence[FacetCounts]:
        return read_facets(self._database, self._scope, _asked(query, zone), by, limit=limit)

    def timeline(self, query: str, zone: tzinfo, grain: Grain) -> Timeline:
        asked, now = _asked(query, zone), utc_now()
        return read_timeline(self._database, self._scope, asked, grain=grain, zone=zone, now=now)

    def unseen(self, query: str, zone: tzinfo) -> Completeness:
        return completeness(self._database, self._scope, window_of(_asked(query, zone)))

    def explain(self, query: str, zone: tzinfo, language: str) -> str:
        return explain(_asked(query, zone), language=language, zone=zone)


def _asked(query: str, zone: tzinfo) -> Query:
    return read_query(query, now=utc_now(), zone=zone)
