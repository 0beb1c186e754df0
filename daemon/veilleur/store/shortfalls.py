"""Counts what came and was not told whole: what every list and count says beside the intervals not seen.

Each count looks at 10,000 rows at most, so that it costs the same over any time; of more it says that there are more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    Subquery,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
)

from veilleur.model.arrival import Arrival
from veilleur.model.coverage import CoverageCause, CoverageFilter, Shortfall
from veilleur.model.kinds import Visibility
from veilleur.model.scope import Scope
from veilleur.store.bulk import insert_rows
from veilleur.store.devices import DeviceRow
from veilleur.store.instants import seen_ms, to_ms
from veilleur.store.order import first_order
from veilleur.store.shortfall_tables import redacted_notifications
from veilleur.store.tables import coverage_intervals, devices, mentions

_MOST: Final = 10_000
_END_MS: Final = 2**42
_COLUMNS: Final = tuple(column.name for column in redacted_notifications.columns)
_ANY: Final = [visibility.value for visibility in Visibility]
_UNKNOWN_TO_PUBLIC: Final = frozenset({CoverageCause.QUARANTINED, CoverageCause.REDACTED})
# Written out: a partial index is used where its condition stands in the query as it does in the index.
_IS_AGGREGATE: Final[ColumnElement[bool]] = literal_column("mentions.actor_others_count > 0 AND mentions.is_shown")
_device_id: Final = select(devices.c.id).where(devices.c.name == bindparam("device")).scalar_subquery()


def note_redacted(connection: Connection, ids: range, fresh: Sequence[tuple[DeviceRow, Arrival]]) -> None:
    """Keep which of these new notifications had words hidden or taken out."""
    rows = [
        (number, device.project_id, device.id, seen_ms(one.captured_at_ms, one.received_at_ms))
        for number, (device, one) in zip(ids, fresh, strict=True)
        if one.is_redacted
    ]
    insert_rows(connection, redacted_notifications, _COLUMNS, rows)


def read_shortfalls(connection: Connection, scope: Scope, asked: CoverageFilter) -> tuple[Shortfall, ...]:
    """Return what came in this time and was not told whole, of this device and for this cause."""
    since_ms = 0 if asked.since_at is None else to_ms(asked.since_at)
    until_ms = _END_MS if asked.until_at is None else to_ms(asked.until_at)
    given = {
        "project": scope.project,
        "begin": since_ms,
        "end": until_ms,
        "first": first_order(since_ms),
        "last": first_order(until_ms),
        "most": _MOST + 1,
    }
    if asked.device is not None:
        given["device"] = asked.device
    counting = _counting(has_device=asked.device is not None, may_read_private=scope.may_read_private)
    counted = connection.execute(counting, given).one()
    told = _told(counted, scope)
    return tuple(one for one in told if one.count != 0 and asked.cause in {None, one.cause})


def _told(counted: Row[Any], scope: Scope) -> Iterator[Shortfall]:
    counts = (
        (CoverageCause.QUARANTINED, counted.unread, False),
        (CoverageCause.REDACTED, min(counted.redacted, _MOST), counted.redacted > _MOST),
    )
    for cause, count, is_more in counts:
        yield Shortfall(cause, int(count), is_more) if scope.may_read_private else Shortfall(cause, None)
    hidden = counted.numbers if scope.may_read_private else 0
    yield Shortfall(CoverageCause.COLLAPSED, int(counted.others + hidden), counted.aggregates > _MOST)


@cache
def _counting(*, has_device: bool, may_read_private: bool) -> Select[Any]:
    """Return the statement that counts everything; made once, for to build it takes longer than to run it."""
    redacted, unread = _redacted(has_device), _in_ledger(has_device)
    others = _others(has_device, _ANY if may_read_private else [Visibility.PUBLIC.value])
    return select(*redacted.c, *others.c, *unread.c).select_from(redacted.join(others, true()).join(unread, true()))


def _redacted(has_device: bool) -> Subquery:
    column = redacted_notifications.c
    looked = select(column.seen_at).where(
        column.project_id == bindparam("project"),
        column.seen_at >= bindparam("begin"),
        column.seen_at < bindparam("end"),
        *([column.device_id == _device_id] if has_device else []),
    )
    rows = looked.limit(bindparam("most")).subquery()
    return select(func.count().label("redacted")).select_from(rows).subquery()


def _others(has_device: bool, visibilities: list[str]) -> Subquery:
    column = mentions.c
    looked = select(column.actor_others_count.label("others")).where(
        column.project_id == bindparam("project"),
        or_(*(column.visibility == visibility for visibility in visibilities)),
        column.ord >= bindparam("first"),
        column.ord < bindparam("last"),
        _IS_AGGREGATE,
        *([column.device == bindparam("device")] if has_device else []),
    )
    rows = looked.limit(bindparam("most")).subquery()
    total = func.coalesce(func.sum(rows.c.others), 0).label("others")
    return select(func.count().label("aggregates"), total).select_from(rows).subquery()


def _in_ledger(has_device: bool) -> Subquery:
    """Count what the ledger holds of days that this time has a part of."""
    column = coverage_intervals.c
    counts = (
        func.coalesce(func.sum(case((column.cause == cause.value, column["count"]), else_=0)), 0).label(name)
        for cause, name in ((CoverageCause.QUARANTINED, "unread"), (CoverageCause.COLLAPSED, "numbers"))
    )
    where = (
        column.project_id == bindparam("project"),
        column.until >= bindparam("begin"),
        column.since < bindparam("end", type_=BigInteger),
        *([column.device_id == _device_id] if has_device else []),
    )
    return select(*counts).where(*where).subquery()
