"""Alarms as rows: one open at most for each code and subject, closed ones kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, select, true, update

from veilleur.model.alarms import Alarm, AlarmCode, AlarmKey
from veilleur.model.scope import Scope
from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.delivery_tables import receivers
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.tables import alarms, devices

_COLUMNS: Final = tuple(column.name for column in alarms.columns)
_IS_OPEN: Final = alarms.c.until.is_(None)
_RULES: Final = "alert-rules"


def raise_alarm(database: Database, code: AlarmCode, subject: str, detail: str, now: datetime) -> bool:
    """Open an alarm and return True; of one that is open already keep the beginning and take the detail over."""
    return settle_alarms(database, {AlarmKey(code, subject): detail}, now=now)


def clear_alarm(database: Database, code: AlarmCode, subject: str, now: datetime) -> bool:
    """Close an alarm; False where none is open."""
    key = AlarmKey(code, subject)
    if key not in _open_details(database):
        return False
    with database.writing() as connection:
        _close(connection, [key], to_ms(now))
    return True


def settle_alarms(
    database: Database, wanted: Mapping[AlarmKey, str], *, ruled: Collection[AlarmCode] = (), now: datetime
) -> bool:
    """Raise every alarm of `wanted` (key to detail), and close the open ones of the `ruled` codes that are not in it.

    Returns whether one was opened. Nothing is written where nothing changed, so that a look every few seconds
    keeps no writer waiting.
    """
    opened = _open_details(database)
    fresh = [key for key in wanted if key not in opened]
    reworded = [key for key in wanted if key in opened and opened[key] != wanted[key]]
    over = [key for key in opened if key.code in ruled and key not in wanted]
    if fresh or reworded or over:
        with database.writing() as connection:
            _open(connection, ((key, wanted[key]) for key in fresh), to_ms(now))
            for key in reworded:
                connection.execute(update(alarms).where(_is_key(key) & _IS_OPEN).values(detail=wanted[key]))
            _close(connection, over, to_ms(now))
    return bool(fresh)


def open_alarms(database: Database) -> tuple[Alarm, ...]:
    """Return what is wrong now, over all projects, the longest first."""
    return _select(database, _IS_OPEN)


def list_alarms(
    database: Database, scope: Scope, *, is_open: bool | None = None, since: datetime | None = None
) -> tuple[Alarm, ...]:
    """Return alarms, the oldest first: open ones, closed ones, or those that lasted into the time after `since`.

    Alarms about another project's devices, receivers and rules do not exist for this reader.
    """
    where: ColumnElement[bool] = true()
    if is_open is not None:
        where &= _IS_OPEN if is_open else ~_IS_OPEN
    if since is not None:
        where &= _IS_OPEN | (alarms.c.until >= to_ms(since))
    foreign = select(devices.c.name).where(devices.c.project_id != scope.project)
    others = select(receivers.c.id).where(receivers.c.project_id != scope.project)
    with database.reading() as connection:
        hidden = {*connection.execute(foreign).scalars(), *map(receiver_subject, connection.execute(others).scalars())}
    return tuple(one for one in _select(database, where) if not _is_hidden(one, hidden, scope))


def receiver_subject(receiver_id: int) -> str:
    """Return the subject of a receiver's alarms."""
    return f"receiver-{receiver_id}"


def rules_subject(project: str) -> str:
    """Return the subject of the alarms of a project's alert rules."""
    return f"{_RULES}:{project}"


def _is_hidden(alarm: Alarm, hidden: Collection[str], scope: Scope) -> bool:
    about = alarm.subject.partition(":")[0]
    return about in hidden or (about == _RULES and alarm.subject != rules_subject(scope.project))


def _select(database: Database, where: ColumnElement[bool]) -> tuple[Alarm, ...]:
    # A newer release's codes, met after going back to this one, are left alone.
    is_known = alarms.c.code.in_([code.value for code in AlarmCode])
    query = select(alarms).where(where & is_known).order_by(alarms.c.since, alarms.c.code, alarms.c.subject)
    with database.reading() as connection:
        return tuple(_alarm(row) for row in connection.execute(query))


def _open_details(database: Database) -> dict[AlarmKey, str]:
    return {AlarmKey(alarm.code, alarm.subject): alarm.detail for alarm in open_alarms(database)}


def _open(connection: Connection, fresh: Iterable[tuple[AlarmKey, str]], now_ms: int) -> None:
    for key, detail in fresh:
        insert_rows(connection, alarms, _COLUMNS, [(key.code.value, key.subject, now_ms, None, detail)], ignore=True)
        # One closed in this very millisecond has its key: it goes on.
        again = _is_key(key) & (alarms.c.since == now_ms)
        connection.execute(update(alarms).where(again).values(until=None, detail=detail))


def _close(connection: Connection, keys: Iterable[AlarmKey], now_ms: int) -> None:
    for key in keys:
        connection.execute(update(alarms).where(_is_key(key) & _IS_OPEN).values(until=now_ms))


def _is_key(key: AlarmKey) -> ColumnElement[bool]:
    return (alarms.c.code == key.code.value) & (alarms.c.subject == key.subject)


def _alarm(row: Row[Any]) -> Alarm:
    return Alarm(
        code=AlarmCode(row.code),
        subject=row.subject,
        since_at=from_ms(row.since),
        until_at=from_ms(row.until),
        detail=row.detail,
    )
