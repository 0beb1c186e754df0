"""Reads the coverage ledger: what was not seen in a window, for the coverage list and beside every count."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Join, Row, Select, func, select

from veilleur.model.coverage import Completeness, CoverageCause, CoverageFilter, CoverageInterval
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.tables import coverage_intervals, device_statuses, devices

# Told to a reader who may not read private rows without how many there were of them.
_PRIVATE_COUNTS: Final = frozenset({CoverageCause.REDACTED, CoverageCause.COLLAPSED, CoverageCause.QUARANTINED})
_BESIDE_A_LIST: Final = 50
_EVERYTHING: Final = CoverageFilter()
_ledger: Final = coverage_intervals.c


def list_coverage(
    database: Database, scope: Scope, asked: CoverageFilter = _EVERYTHING, *, limit: int | None = None
) -> Completeness:
    """Return the intervals of the project that are asked for, the latest beginning first, `limit` at most."""
    with database.reading() as connection:
        return _completeness(connection, scope, _asked_for(scope, asked), limit)


def completeness(database: Database, scope: Scope, asked: CoverageFilter = _EVERYTHING) -> Completeness:
    """Return what a list or count of mentions over this time could not see.

    What a device dropped because its configuration says so is no hole: only `list_coverage` tells it.
    """
    where = _asked_for(scope, asked) & (_ledger.cause != CoverageCause.DROPPED.value)
    with database.reading() as connection:
        return _completeness(connection, scope, where, _BESIDE_A_LIST)


def _completeness(connection: Connection, scope: Scope, where: ColumnElement[bool], limit: int | None) -> Completeness:
    is_watched = device_statuses.join(devices, devices.c.id == device_statuses.c.device_id)
    told = select(devices.c.id).select_from(is_watched).where(devices.c.project_id == scope.project).limit(1)
    known = connection.execute(told).first() is not None
    rows = connection.execute(_selection(where).limit(limit)).all()
    total = len(rows)
    if limit is not None and total == limit:
        counting = select(func.count()).select_from(_joined()).where(where)
        total = int(connection.execute(counting).scalar_one())
    return Completeness(known, tuple(_interval(row, scope) for row in rows), total - len(rows))


def _selection(where: ColumnElement[bool]) -> Select[Any]:
    total = _ledger["count"].label("total")
    columns = (devices.c.name.label("device"), _ledger.cause, _ledger.subject, _ledger.since, _ledger.until, total)
    order = (_ledger.since.desc(), devices.c.name, _ledger.cause, _ledger.subject)
    return select(*columns, _ledger.detail).select_from(_joined()).where(where).order_by(*order)


def _joined() -> Join:
    return coverage_intervals.join(devices, devices.c.id == coverage_intervals.c.device_id)


def _asked_for(scope: Scope, asked: CoverageFilter) -> ColumnElement[bool]:
    where = _ledger.project_id == scope.project
    if asked.since_at is not None:
        where &= _ledger.until.is_(None) | (_ledger.until >= to_ms(asked.since_at))
    if asked.until_at is not None:
        where &= _ledger.since < to_ms(asked.until_at)
    if asked.device is not None:
        where &= devices.c.name == asked.device
    if asked.cause is not None:
        where &= _ledger.cause == asked.cause.value
    return where


def _interval(row: Row[Any], scope: Scope) -> CoverageInterval:
    cause = CoverageCause(row.cause)
    is_hidden = cause in _PRIVATE_COUNTS and not scope.may_read_private
    return CoverageInterval(
        device=row.device,
        cause=cause,
        subject=row.subject,
        since_at=from_ms(row.since),
        until_at=from_ms(row.until),
        count=None if is_hidden else row.total,
        detail=row.detail,
    )
