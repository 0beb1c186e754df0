"""Counts what arrived since the last look; what of it nobody could read or understand goes to the coverage ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, Connection, Row, Select, delete, func, literal_column, select, update

from veilleur.model.coverage import CoverageCause
from veilleur.model.kinds import OutcomeKind
from veilleur.model.watched import Arrivals, ArrivalTally, DeadLetterTally
from veilleur.store.bulk import insert_rows
from veilleur.store.coverage_rows import LedgerRow, add_counts
from veilleur.store.database import Database
from veilleur.store.gap_ledger import SEEN_AT
from veilleur.store.instants import from_ms
from veilleur.store.tables import coverage_intervals, dead_letters, facts, notifications, outcomes

UNREADABLE: Final = "unreadable:"
"""Begins the subject of dead letters; their reason follows."""

_ledger: Final = coverage_intervals.c
_CURSOR: Final = "coverage.cursor"
_ROWS_A_LOOK: Final = 50_000
_CAUSES: Final = {"redacted": CoverageCause.REDACTED, "collapsed_count": CoverageCause.COLLAPSED}
_DAY: Final[ColumnElement[int]] = literal_column("86400000", BigInteger)


class Cursor(Struct, frozen=True, order=True):
    """How far the raw log and the dead letters were looked through: the ids of their last rows."""

    notification_id: int = 0
    dead_letter_id: int = 0


def arrivals_after(database: Database, cursor: Cursor) -> tuple[Arrivals, Cursor]:
    """Count what was stored after `cursor`, or after what the ledger has where that is further; keep it in the ledger.

    Return the counts and how far they go. Of a long backlog a part is looked through at each call.
    """
    with database.reading() as connection:
        kept = _kept_cursor(connection)
        start = Cursor(
            max(cursor.notification_id, kept.notification_id), max(cursor.dead_letter_id, kept.dead_letter_id)
        )
        end = _reach(connection, start)
        tallies = [] if end == start else connection.execute(_tallies(start, end)).all()
        unread = [] if end == start else connection.execute(_unread(start, end)).all()
    told = [row for row in map(_ledger_row, tallies) if row is not None] + [_unread_row(row) for row in unread]
    if told or end.notification_id - kept.notification_id > _ROWS_A_LOOK:
        with database.writing() as connection:
            # Another daemon's look may have been faster, or a reparse: then these rows are told already.
            if not _move_cursor(connection, kept, end):
                return Arrivals(), end
            add_counts(connection, told)
    return Arrivals(notifications=_merged(tallies), dead_letters=_counted(unread)), end


def recount_quarantine(database: Database) -> None:
    """Count anew what nobody understands: a reparse has understood some of it."""
    with database.writing() as connection:
        kept = _kept_cursor(connection)
        end = _reach(connection, Cursor(), is_whole=True)
        _move_cursor(connection, kept, end)
        is_quarantined = outcomes.c.outcome == OutcomeKind.QUARANTINED.value
        unknown = connection.execute(_tallies(Cursor(), end).where(is_quarantined)).all()
        unread = connection.execute(_unread(Cursor(), end)).all()
        others = connection.execute(_tallies(kept, end).where(~is_quarantined)).all()
        connection.execute(delete(coverage_intervals).where(_ledger.cause == CoverageCause.QUARANTINED.value))
        add_counts(connection, [row for row in map(_ledger_row, (*unknown, *others)) if row is not None])
        add_counts(connection, map(_unread_row, unread))


def _kept_cursor(connection: Connection) -> Cursor:
    text = connection.execute(select(facts.c.value).where(facts.c.name == _CURSOR)).scalar()
    return Cursor() if text is None else Cursor(*map(int, str(text).split(" ")))


def _move_cursor(connection: Connection, kept: Cursor, end: Cursor) -> bool:
    """Write the cursor where it still is `kept`; its row stays locked to the commit."""
    insert_rows(connection, facts, ("name", "value"), [(_CURSOR, _text(Cursor()))], ignore=True)
    where = (facts.c.name == _CURSOR) & (facts.c.value == _text(kept))
    return connection.execute(update(facts).where(where).values(value=_text(end))).rowcount == 1


def _text(cursor: Cursor) -> str:
    return f"{cursor.notification_id} {cursor.dead_letter_id}"


def _reach(connection: Connection, start: Cursor, *, is_whole: bool = False) -> Cursor:
    last = connection.execute(select(func.max(notifications.c.id))).scalar() or 0
    last_dead = connection.execute(select(func.max(dead_letters.c.id))).scalar() or 0
    reached = last if is_whole else min(last, start.notification_id + _ROWS_A_LOOK)
    return Cursor(max(reached, start.notification_id), max(last_dead, start.dead_letter_id))


def _tallies(start: Cursor, end: Cursor) -> Select[Any]:
    log, day = notifications.c, (SEEN_AT - SEEN_AT % _DAY).label("day")
    keys = (log.device_id, log.package, outcomes.c.outcome, outcomes.c.reason, log.is_replayed, day)
    return (
        select(*keys, func.count().label("total"), func.min(SEEN_AT).label("first"), func.max(SEEN_AT).label("last"))
        .add_columns(func.max(log.received_at).label("received_at"))
        .select_from(notifications.join(outcomes, outcomes.c.notification_id == log.id))
        .where((log.id > start.notification_id) & (log.id <= end.notification_id))
        .group_by(*keys)
    )


def _unread(start: Cursor, end: Cursor) -> Select[Any]:
    dead = dead_letters.c
    day = (dead.received_at - dead.received_at % _DAY).label("day")
    times = (func.min(dead.received_at).label("first"), func.max(dead.received_at).label("last"))
    return (
        select(dead.device_id, dead.reason, day, func.count().label("total"), *times)
        .where((dead.id > start.dead_letter_id) & (dead.id <= end.dead_letter_id) & dead.recovered_at.is_(None))
        .group_by(dead.device_id, dead.reason, day)
    )


def _ledger_row(row: Row[Any]) -> LedgerRow | None:
    is_quarantined = row.outcome == OutcomeKind.QUARANTINED.value
    cause = CoverageCause.QUARANTINED if is_quarantined else _CAUSES.get(row.reason)
    return None if cause is None else _counted_row(row, cause, row.package)


def _unread_row(row: Row[Any]) -> LedgerRow:
    return _counted_row(row, CoverageCause.QUARANTINED, f"{UNREADABLE}{row.reason}")


def _counted_row(row: Row[Any], cause: CoverageCause, subject: str) -> LedgerRow:
    return LedgerRow(
        device_id=row.device_id,
        cause=cause,
        subject=subject,
        since_ms=row.first,
        until_ms=row.last,
        count=row.total,
    )


def _merged(rows: Iterable[Row[Any]]) -> tuple[ArrivalTally, ...]:
    return tuple(
        ArrivalTally(
            device_id=row.device_id,
            package=row.package,
            outcome=OutcomeKind(row.outcome),
            reason=row.reason,
            count=row.total,
            first_captured_at=from_ms(row.first),
            last_captured_at=from_ms(row.last),
            received_at=from_ms(row.received_at),
            is_replayed=row.is_replayed,
        )
        for row in rows
    )


def _counted(rows: Iterable[Row[Any]]) -> tuple[DeadLetterTally, ...]:
    return tuple(DeadLetterTally(row.device_id, row.reason, row.total, from_ms(row.last)) for row in rows)
