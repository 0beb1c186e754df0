"""How many mentions there were in each hour, day or week of a reader's zone.

The roll-up answers what asks for times, platforms, kinds and visibilities alone, all else is counted in the index.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select

from veilleur.model.counts import Bucket, Grain, Timeline
from veilleur.model.scope import Scope
from veilleur.query.buckets import edges
from veilleur.query.expression import Query
from veilleur.query.window import window_of
from veilleur.store.counted import counted
from veilleur.store.coverage import read_unseen
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.rolled import Rolled, rolled
from veilleur.store.search import search
from veilleur.store.snapshot import Readable
from veilleur.store.tallies import SLOT_MS

MOST_BUCKETS: Final = 2_000
"""A longer time is told by its latest buckets."""
_MOST_COUNTED: Final = 500_000
_SLOT: Final[ColumnElement[int]] = literal_column(f"(found.ord >> 20) / {SLOT_MS} * {SLOT_MS}")


class _Slots(Struct, frozen=True):
    """The quarters of an hour of a query: those that the roll-up counts, and `loose` ones counted in the index."""

    roll: Rolled | None
    loose: Counter[int]
    since_at: datetime | None

    def first_at(self, connection: Connection) -> datetime | None:
        """Return when the first mention happened, to the quarter of an hour; None where there is none."""
        held = None if self.roll is None else self.roll.first_slot(connection)
        return from_ms(min(filter(None, (held, *self.loose)), default=None))

    def between(self, connection: Connection, lines: Sequence[datetime]) -> list[int]:
        """Return how many mentions there are between each of these instants and the next."""
        at_ms = [to_ms(line) for line in lines]
        counts = [0] * (len(lines) - 1) if self.roll is None else self.roll.between(connection, at_ms)
        for slot, count in self.loose.items():
            if at_ms[0] <= slot < at_ms[-1]:
                counts[bisect_right(at_ms, slot) - 1] += count
        return counts


def read_timeline(  # noqa: PLR0913 - a timeline is asked for by these
    database: Readable, scope: Scope, query: Query, *, grain: Grain, zone: tzinfo, now: datetime
) -> Timeline:
    """Return how many of a query's mentions happened when, from its `since:` (or the first mention) until now.

    Exact, but for a query that the roll-up does not answer and that has more than 500,000 candidates: of those the
    newest are counted. `counted_since_at` says so, as it does where there are more than 2,000 buckets.
    """
    window = window_of(query)
    with database.answering() as connection:
        slots = _slots(connection, query, scope)
        since_at = slots.since_at or window.since_at or slots.first_at(connection)
        until_at = min(window.until_at or now, now)
        if since_at is None or since_at >= until_at:
            return Timeline(grain, (), 0)
        lines = edges(grain, since_at, until_at, zone, most=MOST_BUCKETS)
        counts = slots.between(connection, lines)
        unseen = read_unseen(connection, scope, lines[0], lines[-1])
    buckets = [
        Bucket(begin, end, count, since_at <= begin and end <= until_at and not unseen.overlaps(begin, end))
        for (begin, end), count in zip(pairwise(lines), counts, strict=True)
    ]
    cut_at = lines[0] if lines[0] > since_at else slots.since_at
    return Timeline(grain, tuple(buckets), sum(counts), cut_at)


def _slots(connection: Connection, query: Query, scope: Scope) -> _Slots:
    roll = rolled(query, scope)
    if roll is not None and not roll.is_partial:
        return _Slots(roll, Counter(), None)
    asked = search(query, scope, is_sqlite=connection.dialect.name == "sqlite")
    if roll is None:
        found = counted(connection, asked, _MOST_COUNTED)
        return _Slots(None, _counted(connection, found.orders()), found.since_at)
    return _Slots(roll, _counted(connection, asked.orders().where(roll.partial(asked.order))), None)


def _counted(connection: Connection, orders: Select[Any]) -> Counter[int]:
    found = orders.subquery("found")
    rows = connection.execute(select(_SLOT, func.count()).select_from(found).group_by(_SLOT))
    return Counter({int(slot): count for slot, count in rows})
