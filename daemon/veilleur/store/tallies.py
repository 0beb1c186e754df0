"""The roll-up: how many mentions are shown in each quarter of an hour, kept in the transaction that shows them.

Counts follow from the mentions alone, so they are the same after any order of arrival, a reparse or an erasure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, case, delete, func, insert, literal_column, select

from veilleur.model.kinds import Visibility
from veilleur.store.among import among
from veilleur.store.bulk import insert_rows
from veilleur.store.order import instant_of
from veilleur.store.tables import mentions
from veilleur.store.tally_tables import kind_tallies, tallies

SLOT_MS: Final = 900_000
"""A quarter of an hour: hours, days and weeks of every zone since 1972 begin with one."""
TOLD_BY: Final = ("ord", "project_id", "visibility", "platform", "kind")
"""The columns of a mention that decide where it is counted."""
_KEYS: Final = ("project_id", "slot_at", "visibility", "platform", "kind")
# Written out: PostgreSQL groups by an expression only where it is the same text in both places.
_SLOT: Final[ColumnElement[int]] = literal_column(f"(mentions.ord >> 20) - (mentions.ord >> 20) % {SLOT_MS}")


def tally(connection: Connection, rows: Iterable[tuple[Any, ...]], sign: int = 1) -> None:
    """Count shown mentions in (or, with a sign of -1, out), given by their TOLD_BY."""
    kinds: Counter[tuple[str, int, str, str, str]] = Counter()
    for order, project, *about in rows:
        kinds[project, slot_of(instant_of(order)), *about] += sign
    totals: dict[tuple[str, int], list[int]] = {}
    for (project, slot, visibility, _, _), count in kinds.items():
        held = totals.setdefault((project, slot), [0, 0])
        held[0] += count * (visibility == Visibility.PUBLIC)
        held[1] += count
    rows_of_kinds = [(*key, kinds[key]) for key in sorted(kinds)]
    insert_rows(connection, kind_tallies, (*_KEYS, "every"), rows_of_kinds, adding=("every",))
    rows_of_totals = [(*key, *totals[key]) for key in sorted(totals)]
    columns = ("project_id", "slot_at", "public", "every")
    insert_rows(connection, tallies, columns, rows_of_totals, adding=("public", "every"))


def tally_stored(connection: Connection, orders: Sequence[int], sign: int) -> None:
    """Count those of these stored mentions that are shown in or out."""
    shown = select(*(mentions.c[name] for name in TOLD_BY)).where(
        among(connection, mentions.c.ord, orders), mentions.c.is_shown
    )
    tally(connection, (tuple(row) for row in connection.execute(shown)), sign)


def slot_of(at_ms: int) -> int:
    """Return the quarter of an hour that an instant is in."""
    return at_ms - at_ms % SLOT_MS


def are_tallies_sound(connection: Connection) -> bool:
    """Return whether the roll-ups say what the mentions do; reads all of them."""
    pairs = ((kind_tallies, _counted_kinds(), 1), (tallies, _counted_slots(), 2))
    return all(_cells(connection, select(table), n) == _cells(connection, due, n) for table, due, n in pairs)


def rebuild_tallies(connection: Connection) -> None:
    """Count every mention that is shown anew."""
    for table, due in ((kind_tallies, _counted_kinds()), (tallies, _counted_slots())):
        connection.execute(delete(table))
        connection.execute(insert(table).from_select([column.name for column in table.columns], due))


def _counted_kinds() -> Select[Any]:
    about = (mentions.c.visibility, mentions.c.platform, mentions.c.kind)
    counting = select(mentions.c.project_id, _SLOT.label("slot_at"), *about, func.count()).where(mentions.c.is_shown)
    return counting.group_by(mentions.c.project_id, _SLOT, *about)


def _counted_slots() -> Select[Any]:
    public = func.sum(case((mentions.c.visibility == Visibility.PUBLIC.value, 1), else_=0))
    counting = select(mentions.c.project_id, _SLOT.label("slot_at"), public, func.count()).where(mentions.c.is_shown)
    return counting.group_by(mentions.c.project_id, _SLOT)


def _cells(connection: Connection, query: Select[Any], counts: int) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Return each key with its counts, but those that count nothing."""
    rows = (tuple(row) for row in connection.execute(query))
    return {row[:-counts]: tuple(map(int, row[-counts:])) for row in rows if any(row[-counts:])}
