"""Reads the raw log: what arrived, what became of it, and the stored bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, select

from veilleur.model.identity import MentionId, NotificationId
from veilleur.model.kinds import OutcomeKind
from veilleur.model.listing import (
    LogOrder,
    NotificationDetail,
    NotificationPage,
    NotificationRow,
    RawFilter,
    StoredBytes,
)
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.mentions import read_cursor
from veilleur.store.tables import devices, notifications, outcomes

_STREAM_ROWS: Final = 1_000
_STREAM_PAYLOADS: Final = 200
_STORED_COLUMNS: Final = (notifications.c.payload, notifications.c.received_at, notifications.c.changed)
_COLUMNS: Final = (
    notifications.c.id,
    notifications.c.envelope_id,
    devices.c.name.label("device"),
    notifications.c.epoch,
    notifications.c.seq,
    notifications.c.package,
    notifications.c.received_at,
    outcomes.c.outcome,
    outcomes.c.reason,
    outcomes.c.mention_ids,
)


def page_notifications(  # noqa: PLR0913 - what a page is asked by
    database: Database,
    scope: Scope,
    *,
    limit: int,
    cursor: str | None = None,
    outcome: OutcomeKind | None = None,
    order: LogOrder = LogOrder.NEWEST,
) -> NotificationPage:
    """Return up to `limit` raw notifications, the latest (or oldest) stored first, from after `cursor`."""
    statement = _visible(scope, outcome)
    row_id, is_newest = notifications.c.id, order is LogOrder.NEWEST
    if cursor is not None:
        last = read_cursor(cursor)
        statement = statement.where(row_id < last if is_newest else row_id > last)
    with database.reading() as connection:
        rows = connection.execute(statement.order_by(row_id.desc() if is_newest else row_id).limit(limit + 1)).all()
    shown = tuple(_row(row) for row in rows[:limit])
    return NotificationPage(shown, f"{shown[-1].id:x}" if len(rows) > limit else None)


def every_notification(
    database: Database, scope: Scope, *, outcome: OutcomeKind | None = None
) -> Iterator[NotificationRow]:
    """Yield all raw notifications in the order they were stored, a page at a time."""
    cursor: str | None = None
    while True:
        page = page_notifications(
            database, scope, limit=_STREAM_ROWS, cursor=cursor, outcome=outcome, order=LogOrder.OLDEST
        )
        yield from page.notifications
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def get_notification(database: Database, scope: Scope, notification_id: NotificationId) -> NotificationDetail | None:
    """Return one raw notification with its bytes, None where there is none that this reader may see."""
    statement = _visible(scope, None).add_columns(
        notifications.c.payload, notifications.c.sha256, notifications.c.changed
    )
    with database.reading() as connection:
        row = connection.execute(statement.where(notifications.c.id == notification_id)).first()
    if row is None:
        return None
    return NotificationDetail(
        row=_row(row), payload=bytes(row.payload), sha256=bytes(row.sha256).hex(), changed=_changes(row.changed)
    )


def every_stored(database: Database, scope: Scope, asked: RawFilter) -> Iterator[StoredBytes]:
    """Yield the bytes of the raw log in the order they were stored, a page at a time, so that memory stays flat."""
    last = 0
    while True:
        statement = _stored(scope, asked, notifications.c.id, *_STORED_COLUMNS).where(notifications.c.id > last)
        with database.reading() as connection:
            rows = connection.execute(statement.order_by(notifications.c.id).limit(_STREAM_PAYLOADS)).all()
        for row in rows:
            yield StoredBytes(bytes(row.payload), from_ms(row.received_at), _changes(row.changed))
        if len(rows) < _STREAM_PAYLOADS:
            return
        last = rows[-1].id


def total_stored(database: Database, scope: Scope, asked: RawFilter) -> int:
    """Return how many notifications `every_stored` yields."""
    with database.reading() as connection:
        return int(connection.execute(_stored(scope, asked, func.count())).scalar_one())


def _stored(scope: Scope, asked: RawFilter, *columns: ColumnElement[Any]) -> Select[Any]:
    statement = _visible(scope, None).with_only_columns(*columns)
    if asked.since_at is not None:
        statement = statement.where(notifications.c.received_at >= to_ms(asked.since_at))
    if asked.until_at is not None:
        statement = statement.where(notifications.c.received_at < to_ms(asked.until_at))
    if asked.device is not None:
        statement = statement.where(devices.c.name == asked.device)
    return statement


def _changes(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(" ")) if text else ()


def _visible(scope: Scope, outcome: OutcomeKind | None) -> Select[Any]:
    joined = notifications.join(outcomes, outcomes.c.notification_id == notifications.c.id).join(
        devices, devices.c.id == notifications.c.device_id
    )
    statement = select(*_COLUMNS).select_from(joined).where(notifications.c.project_id == scope.project)
    if not scope.may_read_private:
        # What nobody understood may hold private words: only what is known to be public is shown.
        statement = statement.where(outcomes.c.is_public)
    return statement if outcome is None else statement.where(outcomes.c.outcome == outcome.value)


def _row(row: Row[Any]) -> NotificationRow:
    return NotificationRow(
        id=NotificationId(row.id),
        envelope_id=row.envelope_id,
        device=row.device,
        epoch=row.epoch,
        seq=row.seq,
        package=row.package,
        received_at=from_ms(row.received_at),
        outcome=OutcomeKind(row.outcome),
        reason=row.reason,
        mention_ids=tuple(MentionId(part) for part in row.mention_ids.split(" ")) if row.mention_ids else (),
    )
