"""Writes rows of the coverage ledger: states that begin and end, and what happened so many times in a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, func, select, update

from veilleur.model.coverage import CoverageCause, OpenInterval
from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.tables import coverage_intervals, devices

STATE_CAUSES: Final = (CoverageCause.OFFLINE, CoverageCause.LISTENER_DEAD, CoverageCause.SATURATED)
"""What holds until it ends; the other causes are counted, or are spans of seqs."""

_DAY_MS: Final = 86_400_000
_COLUMNS: Final = ("project_id", "device_id", "cause", "subject", "since", "until", "count", "detail")
_ledger: Final = coverage_intervals.c
# A row answers `count` with its own method.
_TOTAL: Final = _ledger["count"].label("total")


class LedgerRow(Struct, frozen=True, kw_only=True):
    """A row to be written; times are UTC milliseconds."""

    device_id: int
    cause: CoverageCause
    subject: str
    since_ms: int
    until_ms: int | None
    count: int | None = None
    detail: str | None = None


class DropCounts(Struct, frozen=True):
    """What a device said, at one time, that it dropped over an epoch, by reason."""

    epoch: str
    dropped: Mapping[str, int]
    at: datetime


class Ending(Struct, frozen=True):
    """A state that is over."""

    row_id: int
    until_at: datetime
    detail: str | None


class StateChanges(Struct, frozen=True):
    """What a look found to have begun, ended, or to be otherwise than it was told."""

    begun: tuple[LedgerRow, ...] = ()
    ended: tuple[Ending, ...] = ()
    reworded: tuple[tuple[int, str | None], ...] = ()


def open_states(database: Database) -> tuple[OpenInterval, ...]:
    """Return the states that hold now, of every device."""
    is_open = _ledger.until.is_(None) & _ledger.cause.in_([cause.value for cause in STATE_CAUSES])
    query = select(coverage_intervals).where(is_open).order_by(_ledger.id)
    with database.reading() as connection:
        return tuple(
            OpenInterval(row.id, row.device_id, CoverageCause(row.cause), row.subject, from_ms(row.since), row.detail)
            for row in connection.execute(query)
        )


def write_states(database: Database, changes: StateChanges) -> None:
    """Write what changed; writes nothing where nothing did."""
    if not (changes.begun or changes.ended or changes.reworded):
        return
    with database.writing() as connection:
        write_rows(connection, changes.begun)
        for ending in changes.ended:
            own = (_ledger.id == ending.row_id) & _ledger.until.is_(None)
            # A state cannot end before it began, whatever two clocks say.
            closed = {"until": to_ms(ending.until_at), "detail": ending.detail}
            connection.execute(
                update(coverage_intervals).where(own & (_ledger.since <= closed["until"])).values(closed)
            )
            connection.execute(update(coverage_intervals).where(own).values(closed | {"until": _ledger.since}))
        for row_id, detail in changes.reworded:
            connection.execute(update(coverage_intervals).where(_ledger.id == row_id).values(detail=detail))


def write_rows(connection: Connection, rows: Sequence[LedgerRow]) -> None:
    """Insert rows; one that is there already (same device, cause, subject and beginning) is written over."""
    projects = _projects(connection, {row.device_id for row in rows})
    for row in rows:
        values = (row.since_ms, row.until_ms, row.count, row.detail)
        cells = (projects[row.device_id], row.device_id, row.cause.value, row.subject, *values)
        insert_rows(connection, coverage_intervals, _COLUMNS, [cells], ignore=True)
        again = is_about(row.device_id, row.cause, row.subject) & (_ledger.since == row.since_ms)
        news = {"until": row.until_ms, "count": row.count, "detail": row.detail}
        connection.execute(update(coverage_intervals).where(again).values(news))


def add_counts(connection: Connection, rows: Iterable[LedgerRow]) -> None:
    """Add what was counted to the row of its UTC day, which spans from the first to the last of them.

    Every row has a count and an end; to be called where no other transaction adds to the same rows.
    """
    for row in rows:
        day = row.since_ms - row.since_ms % _DAY_MS
        of_day = (_ledger.since >= day) & (_ledger.since < day + _DAY_MS)
        where = is_about(row.device_id, row.cause, row.subject) & of_day
        held = connection.execute(select(_ledger.id, _ledger.since, _ledger.until, _TOTAL).where(where)).first()
        if held is None:
            write_rows(connection, [row])
            continue
        values = {
            "since": min(held.since, row.since_ms),
            "until": max(held.until, row.until_ms or 0),
            "count": held.total + (row.count or 0),
        }
        connection.execute(update(coverage_intervals).where(_ledger.id == held.id).values(values))


def tell_drops(database: Database, device_id: int, news: DropCounts, before: DropCounts | None) -> None:
    """Add what a device dropped by its policy since `before`, or since it was last told where that is not known.

    Counts are by reason over an epoch; one that fell was begun anew by the device's program.
    """
    if before is None or before.epoch != news.epoch:
        with database.reading() as connection:
            told = {reason: _told_drops(connection, device_id, f"{news.epoch}:{reason}") for reason in news.dropped}
        before = DropCounts(news.epoch, {reason: min(told[reason], news.dropped[reason]) for reason in told}, news.at)
    rows = [
        LedgerRow(
            device_id=device_id,
            cause=CoverageCause.DROPPED,
            subject=f"{news.epoch}:{reason}",
            since_ms=to_ms(before.at),
            until_ms=to_ms(news.at),
            count=count - known if count >= (known := before.dropped.get(reason, 0)) else count,
        )
        for reason, count in sorted(news.dropped.items())
    ]
    fresh = [row for row in rows if row.count]
    if fresh:
        with database.writing() as connection:
            add_counts(connection, fresh)


def _told_drops(connection: Connection, device_id: int, subject: str) -> int:
    own = is_about(device_id, CoverageCause.DROPPED, subject)
    return int(connection.execute(select(func.coalesce(func.sum(_ledger["count"]), 0)).where(own)).scalar_one())


def is_about(device_id: int, cause: CoverageCause, subject: str) -> ColumnElement[bool]:
    """Return the condition that a row is of this device, cause and subject."""
    return (_ledger.device_id == device_id) & (_ledger.cause == cause.value) & (_ledger.subject == subject)


def _projects(connection: Connection, device_ids: Iterable[int]) -> dict[int, str]:
    query = select(devices.c.id, devices.c.project_id).where(devices.c.id.in_(sorted(device_ids)))
    return {row.id: row.project_id for row in connection.execute(query)}
