"""What the roll-up answers: counts over a time of what is shown, perhaps of some platforms, kinds or visibilities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Final

from msgspec import Struct, json
from sqlalchemy import ARRAY, BigInteger, Column, ColumnElement, Connection, Select, bindparam, false, func, or_, select

from veilleur.model.counts import Facet
from veilleur.model.kinds import Visibility
from veilleur.model.scope import Scope
from veilleur.query.expression import OneOf, Query, Since, Until, ValueField
from veilleur.store.instants import to_ms
from veilleur.store.order import first_order
from veilleur.store.tallies import SLOT_MS, slot_of
from veilleur.store.tally_tables import kind_tallies, tallies

_FIELDS: Final = {ValueField.PLATFORM: "platform", ValueField.KIND: "kind", ValueField.VISIBILITY: "visibility"}
FACETS: Final = frozenset({Facet.PLATFORM, Facet.KIND, Facet.VISIBILITY})
"""The facets that the roll-up knows."""
_END_MS: Final = -(-(2**42) // SLOT_MS) * SLOT_MS


class Rolled(Struct, frozen=True):
    """The slots of a query: whole quarters of an hour from `since_ms` on and before `until_ms`.

    `is_begun` and `is_ended` where a part of the quarter before or after them is asked for too.
    """

    since_ms: int
    until_ms: int
    is_begun: bool
    is_ended: bool
    total: Column[int]
    asked: Mapping[str, list[str]]

    def by_facet(self, connection: Connection, facet: Facet) -> Counter[str]:
        """Return how many mentions have each value of a facet that the roll-up knows."""
        key = kind_tallies.c[facet.value]
        counting = select(key, func.sum(self.total)).where(*self._within()).group_by(key)
        return Counter({value: int(count) for value, count in connection.execute(counting, self.asked)})

    def first_slot(self, connection: Connection) -> int | None:
        """Return the first slot that counts anything, None where none does."""
        slot = self.total.table.c.slot_at
        held = select(slot).where(*self._within(), self.total > 0).order_by(slot).limit(1)
        first: int | None = connection.execute(held, self.asked).scalar_one_or_none()
        return first

    @property
    def is_partial(self) -> bool:
        """Whether a part of a quarter is asked for."""
        return self.is_begun or self.is_ended

    def partial(self, order: ColumnElement[int]) -> ColumnElement[bool]:
        """Return the condition that a mention is in a quarter which is asked for in part."""
        begins, ends = order < first_order(self.since_ms), order >= first_order(self.until_ms)
        parts = [begins] * self.is_begun + [ends] * self.is_ended
        return or_(false(), *parts)

    def between(self, connection: Connection, edges_ms: Sequence[int]) -> list[int]:
        """Return how many mentions there are between each of these edges and the next."""
        clipped = [min(max(edge, self.since_ms), self.until_ms) for edge in edges_ms]
        is_sqlite = connection.dialect.name == "sqlite"
        spans: dict[str, object] = {"begins": clipped[:-1], "ends": clipped[1:]}
        if is_sqlite:
            spans = {"spans": json.encode(list(pairwise(clipped))).decode()}
        counting = _counting(self.total, tuple(self.asked), is_sqlite=is_sqlite)
        return [int(count or 0) for count in connection.execute(counting, {**self.asked, **spans}).scalars()]

    def _within(self) -> tuple[ColumnElement[bool], ...]:
        slot = self.total.table.c.slot_at
        return (*_are(self.total, self.asked), slot >= self.since_ms, slot < self.until_ms)


@cache
def _counting(total: Column[int], names: tuple[str, ...], *, is_sqlite: bool) -> Select[Any]:
    """Return the counts between pairs of edges; made once, for to build it takes longer than to run it."""
    begins: ColumnElement[int]
    ends: ColumnElement[int]
    if is_sqlite:
        spans = func.json_each(bindparam("spans")).table_valued("key", "value")
        pair, place = spans.c.value, spans.c.key
        begins, ends = func.json_extract(pair, "$[0]"), func.json_extract(pair, "$[1]")
    else:
        arrays = (bindparam(name, type_=ARRAY(BigInteger)) for name in ("begins", "ends"))
        spans = func.unnest(*arrays).table_valued("begins", "ends", with_ordinality="place").render_derived()
        begins, ends, place = spans.c.begins, spans.c.ends, spans.c.place
    slot = total.table.c.slot_at
    inside = select(func.sum(total)).where(*_are(total, names), slot >= begins, slot < ends)
    return select(inside.correlate(spans).scalar_subquery()).select_from(spans).order_by(place)


def _are(total: Column[int], names: Iterable[str]) -> list[ColumnElement[bool]]:
    """Return the conditions that each of these columns is what the parameter of its name says."""
    cells = total.table.c
    return [cells[name].in_(bindparam(name, expanding=True)) for name in names]


def rolled(query: Query, scope: Scope, *, by_kind: bool = False) -> Rolled | None:
    """Return what the roll-up answers; None where a query asks more than times, platforms, kinds and visibilities."""
    since_ms, until_ms = 0, _END_MS
    chosen: dict[str, set[str]] = {}
    for demand in query.demands:
        match demand:
            case Since(at):
                since_ms = max(since_ms, to_ms(at))
            case Until(before):
                until_ms = min(until_ms, to_ms(before))
            case OneOf(field, values) if field in _FIELDS:
                name = _FIELDS[field]
                chosen[name] = chosen.get(name, set(values)) & set(values)
            case _:
                return None
    total = kind_tallies.c.every if chosen or by_kind else tallies.c.every
    if not scope.may_read_private and total.table is kind_tallies:
        public = {Visibility.PUBLIC.value}
        chosen["visibility"] = chosen.get("visibility", public) & public
    elif not scope.may_read_private:
        total = tallies.c.public
    asked = {"project_id": [scope.project]} | {name: sorted(values) for name, values in chosen.items()}
    begins_ms, ends_ms = -(-since_ms // SLOT_MS) * SLOT_MS, slot_of(until_ms)
    return Rolled(begins_ms, ends_ms, begins_ms != since_ms, ends_ms != until_ms, total, asked)
