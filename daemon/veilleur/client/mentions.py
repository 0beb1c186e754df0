"""Mentions of a server: search, read one, count by facets and by time, and what a query means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from veilleur.client.notifications import ToldNotification
from veilleur.client.paging import MOST_ROWS, every_page, pages_of
from veilleur.client.transport import Transport
from veilleur.client.trials import trial_parameters
from veilleur.client.zones import zone_name
from veilleur.model.condition import BacktestResult, Condition
from veilleur.model.counts import Facet, FacetCounts, Grain, Timeline
from veilleur.model.coverage import Completeness
from veilleur.model.identity import MentionId
from veilleur.model.listing import MentionDetail, MentionPage, Order
from veilleur.model.mention import Mention

_USUAL_ROWS = 50
_USUAL_KEYS = 20


class _Told(Struct, frozen=True):
    mention: Mention
    notification: ToldNotification | None


class _Facets(Struct, frozen=True):
    facets: tuple[FacetCounts, ...]


class _Explained(Struct, frozen=True):
    meaning: str


class Mentions:
    """Operations on mentions; the days of a query's `since:` and `until:` begin in `zone`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(
        self,
        query: str = "",
        zone: tzinfo = UTC,
        *,
        limit: int = _USUAL_ROWS,
        cursor: str | None = None,
        order: Order = Order.NEWEST,
    ) -> MentionPage:
        """Return the newest `limit` mentions of a query, or those after `cursor`; asks as often as it needs to.

        By relevance there is one page, of 500 mentions at most.
        """
        if order is Order.RELEVANCE:
            return self._page(query, zone, min(limit, MOST_ROWS), None, order)

        def ask(rows: int, after: str | None) -> MentionPage:
            return self._page(query, zone, rows, after)

        pages = list(pages_of(ask, lambda page: page.mentions, limit, cursor))
        return replace(pages[-1], mentions=tuple(chain.from_iterable(page.mentions for page in pages)))

    def every(self, query: str = "", zone: tzinfo = UTC) -> Iterator[Mention]:
        """Yield every mention of a query once, newest first, also while new ones arrive."""
        for page in every_page(lambda rows, after: self._page(query, zone, rows, after)):
            yield from page.mentions

    def find(self, mention_id: MentionId | str) -> MentionDetail | None:
        """Return one mention with the notification that told it, None where this token may read none."""
        told = self._transport.find(f"/mentions/{mention_id}", _Told)
        if told is None:
            return None
        return MentionDetail(told.mention, None if told.notification is None else told.notification.as_detail())

    def facets(
        self, query: str = "", zone: tzinfo = UTC, by: Sequence[Facet] = (Facet.KIND,), *, limit: int = _USUAL_KEYS
    ) -> Sequence[FacetCounts]:
        """Return the most frequent keys of several facets, in the order asked for."""
        names = [facet.value for facet in by]
        return self._transport.read("/facets", _Facets, q=query, zone=zone_name(zone), by=names, limit=limit).facets

    def timeline(self, query: str = "", zone: tzinfo = UTC, grain: Grain = Grain.DAY) -> Timeline:
        """Return how many mentions of a query happened in each hour, day or week of `zone`."""
        return self._transport.read("/timeline", Timeline, q=query, zone=zone_name(zone), grain=grain.value)

    def total(self, query: str = "", zone: tzinfo = UTC) -> int:
        """Return how many mentions a query finds, up to now."""
        return self.timeline(query, zone, Grain.WEEK).total

    def unseen(self, query: str = "", zone: tzinfo = UTC) -> Completeness:
        """Return what could not be seen in the time that a query asks about."""
        return self._page(query, zone, 1, None).completeness or Completeness()

    def explain(self, query: str, zone: tzinfo = UTC, language: str = "en") -> str:
        """Return what a query means, in words of English (`en`) or French (`fr`)."""
        return self._transport.read("/explain", _Explained, q=query, zone=zone_name(zone), lang=language).meaning

    def backtest(
        self,
        query: str,
        condition: Condition,
        zone: tzinfo = UTC,
        *,
        since_at: datetime | None = None,
        until_at: datetime | None = None,
    ) -> BacktestResult:
        """Return when a condition would have told somebody of a query's mentions; else of the last 30 days."""
        given = trial_parameters(condition, since_at, until_at)
        return self._transport.read("/backtest", BacktestResult, q=query, zone=zone_name(zone), **given)

    def _page(self, query: str, zone: tzinfo, rows: int, after: str | None, order: Order = Order.NEWEST) -> MentionPage:
        where = zone_name(zone)
        return self._transport.read(
            "/mentions", MentionPage, q=query, zone=where, limit=rows, cursor=after, order=order.value
        )
