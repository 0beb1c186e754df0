"""Reads the coverage ledger: what was not seen in a window, for the coverage list and beside every count."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Join,
    Row,
    Select,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
    true,
    tuple_,
)

from veilleur.model.coverage import Completeness, CoverageCause, CoverageFilter, CoverageInterval, CoveragePage
from veilleur.model.errors import QueryError
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.shortfalls import read_shortfalls
from veilleur.store.snapshot import Readable
from veilleur.store.tables import coverage_intervals, device_statuses, devices

# Told to a reader who may not read private rows by whole days and without a number: what nobody could read may be
# public or not, and the moment at which something private came is nobody's business.
_PERHAPS_PRIVATE: Final = (CoverageCause.REDACTED, CoverageCause.COLLAPSED, CoverageCause.QUARANTINED)
_DAY: Final[ColumnElement[int]] = literal_column("86400000", BigInteger)
_BESIDE_A_LIST: Final = 50
_NEVER: Final = 2**63
_NO_LIMIT: Final = 2**62
_EVERYTHING: Final = CoverageFilter()
_ledger: Final = coverage_intervals.c
_WATCHED: Final = (
    select(devices.c.id)
    .join(device_statuses, devices.c.id == device_statuses.c.device_id)
    .where(devices.c.project_id == bindparam("project"))
    .limit(1)
)


class _Times(Struct, frozen=True):
    """When intervals began and ended, as a reader is told."""

    since: ColumnElement[Any]
    until: ColumnElement[Any]


@cache
def _times(*, may_read_private: bool) -> _Times:
    if may_read_private:
        return _Times(_ledger.since, _ledger.until)
    is_perhaps_private = _ledger.cause.in_([cause.value for cause in _PERHAPS_PRIVATE])
    first, last = _ledger.since - _ledger.since % _DAY, _ledger.until - _ledger.until % _DAY + _DAY - 1
    return _Times(
        case((is_perhaps_private, first), else_=_ledger.since), case((is_perhaps_private, last), else_=_ledger.until)
    )


@cache
def _unseen(*, may_read_private: bool) -> Select[Any, Any]:
    """Return what reads the times in which something was not seen; made once, for every timeline asks it."""
    times = _times(may_read_private=may_read_private)
    since, until = times.since.label("since"), times.until.label("until")
    return (
        select(since, until)
        .where(
            _ledger.project_id == bindparam("project"),
            _ledger.cause != CoverageCause.DROPPED.value,
            _ledger.until.is_(None) | (times.until >= bindparam("begin")),
            times.since < bindparam("end"),
        )
        .order_by(since)
    )


class _Reader(Struct, frozen=True):
    """What a statement of the ledger is made for: a kind of reader, and the names of what is asked."""

    may_read_private: bool
    names: frozenset[str]
    is_dropped_told: bool


def list_coverage(
    database: Database, scope: Scope, asked: CoverageFilter = _EVERYTHING, *, limit: int | None = None
) -> Completeness:
    """Return the intervals of the project that are asked for, the latest beginning first, `limit` at most."""
    with database.reading() as connection:
        return _completeness(connection, scope, asked, limit)


def page_coverage(
    database: Database, scope: Scope, asked: CoverageFilter, *, limit: int, cursor: str | None = None
) -> CoveragePage:
    """Return a page of what `list_coverage` would, from after `cursor`; raises QueryError for one that is none."""
    after: ColumnElement[bool] = true()
    if cursor is not None:
        since = _times(may_read_private=scope.may_read_private).since
        after = tuple_(since, _ledger.id) < tuple_(*_read_cursor(cursor))
    with database.reading() as connection:
        found = _completeness(connection, scope, asked, limit, after)
        page = CoveragePage(found.known, found.intervals, found.omitted, found.shortfalls)
        if not found.omitted:
            return page
        given = _given(scope, asked)
        following = _selection(_reader(scope, given)).where(after).offset(limit - 1)
        last = connection.execute(following, given | {"most": 1}).one()
    return replace(page, next_cursor=f"{last.since:x}-{last.id:x}")


def completeness(database: Readable, scope: Scope, asked: CoverageFilter = _EVERYTHING) -> Completeness:
    """Return what a list or count of mentions over this time could not see.

    What a device dropped because its configuration says so is no hole: only `list_coverage` tells it.
    """
    with database.reading() as connection:
        return _completeness(connection, scope, asked, _BESIDE_A_LIST, is_dropped_told=False)


class Unseen(Struct, frozen=True):
    """The times in which something was not seen, apart from each other and in order, in milliseconds."""

    begins: tuple[int, ...]
    ends: tuple[int, ...]

    def overlaps(self, since_at: datetime, until_at: datetime) -> bool:
        """Whether something was not seen between two instants."""
        at = bisect_left(self.begins, to_ms(until_at)) - 1
        return at >= 0 and self.ends[at] >= to_ms(since_at)


def read_unseen(connection: Connection, scope: Scope, since_at: datetime, until_at: datetime) -> Unseen:
    """Return when something of this time was not seen, whatever the cause, as `completeness` tells it."""
    asked = {"project": scope.project, "begin": to_ms(since_at), "end": to_ms(until_at)}
    spans: list[list[int]] = []
    for since, until in connection.execute(_unseen(may_read_private=scope.may_read_private), asked):
        end = _NEVER if until is None else until
        if spans and since <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], end)
        else:
            spans.append([since, end])
    return Unseen(tuple(begin for begin, _ in spans), tuple(end for _, end in spans))


def _completeness(  # noqa: PLR0913 - who asks for what, and how much of it
    connection: Connection,
    scope: Scope,
    asked: CoverageFilter,
    limit: int | None,
    after: ColumnElement[bool] | None = None,
    *,
    is_dropped_told: bool = True,
) -> Completeness:
    given = _given(scope, asked)
    reader = _reader(scope, given, is_dropped_told=is_dropped_told)
    selection, counting = _selection(reader), _counting(reader)
    if after is not None:
        selection, counting = selection.where(after), counting.where(after)
    known = connection.execute(_WATCHED, given).first() is not None
    rows = connection.execute(selection, given | {"most": _NO_LIMIT if limit is None else limit}).all()
    total = int(connection.execute(counting, given).scalar_one()) if len(rows) == limit else len(rows)
    intervals = tuple(_interval(row, scope) for row in rows)
    return Completeness(known, intervals, total - len(rows), read_shortfalls(connection, scope, asked))


def _given(scope: Scope, asked: CoverageFilter) -> dict[str, Any]:
    told = {
        "project": scope.project,
        "begin": to_ms(asked.since_at) if asked.since_at else None,
        "end": to_ms(asked.until_at) if asked.until_at else None,
        "device": asked.device,
        "cause": asked.cause and asked.cause.value,
    }
    return {name: value for name, value in told.items() if value is not None}


def _reader(scope: Scope, given: Mapping[str, Any], *, is_dropped_told: bool = True) -> _Reader:
    return _Reader(scope.may_read_private, frozenset(given), is_dropped_told)


@cache
def _selection(reader: _Reader) -> Select[Any]:
    """Return what reads `most` intervals; made once, for every list asks it."""
    times = _times(may_read_private=reader.may_read_private)
    told = (times.since.label("since"), times.until.label("until"), _ledger["count"].label("total"), _ledger.detail)
    columns = (devices.c.name.label("device"), _ledger.cause, _ledger.subject, *told, _ledger.id)
    rows = select(*columns).select_from(_joined()).where(*_asked_for(reader))
    return rows.order_by(times.since.desc(), _ledger.id.desc()).limit(bindparam("most"))


@cache
def _counting(reader: _Reader) -> Select[Any]:
    return select(func.count()).select_from(_joined()).where(*_asked_for(reader))


def _joined() -> Join:
    return coverage_intervals.join(devices, devices.c.id == coverage_intervals.c.device_id)


def _asked_for(reader: _Reader) -> list[ColumnElement[bool]]:
    times = _times(may_read_private=reader.may_read_private)
    conditions = {
        "project": _ledger.project_id == bindparam("project"),
        "begin": _ledger.until.is_(None) | (times.until >= bindparam("begin", type_=BigInteger)),
        "end": times.since < bindparam("end", type_=BigInteger),
        "device": devices.c.name == bindparam("device"),
        "cause": _ledger.cause == bindparam("cause"),
    }
    every = [] if reader.is_dropped_told else [_ledger.cause != CoverageCause.DROPPED.value]
    return every + [condition for name, condition in conditions.items() if name in reader.names]


def _read_cursor(cursor: str) -> tuple[ColumnElement[int], ColumnElement[int]]:
    since, _, row_id = cursor.partition("-")
    try:
        return literal(int(since, 16), BigInteger), literal(int(row_id, 16), BigInteger)
    except ValueError:
        raise QueryError(1, "the next_cursor of an earlier page") from None


def _interval(row: Row[Any], scope: Scope) -> CoverageInterval:
    cause = CoverageCause(row.cause)
    is_hidden = cause in _PERHAPS_PRIVATE and not scope.may_read_private
    return CoverageInterval(
        device=row.device,
        cause=cause,
        subject=row.subject,
        since_at=from_ms(row.since),
        until_at=from_ms(row.until),
        count=None if is_hidden else row.total,
        detail=row.detail,
    )
