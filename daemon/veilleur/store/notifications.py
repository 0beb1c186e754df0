"""Reads the raw log: what arrived, what became of it, and the stored bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Row, Select, select

from veilleur.model.identity import MentionId, NotificationId
from veilleur.model.kinds import OutcomeKind
from veilleur.model.listing import NotificationDetail, NotificationPage, NotificationRow
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.mentions import read_cursor
from veilleur.store.tables import devices, notifications, outcomes

_STREAM_ROWS: Final = 1_000
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


def page_notifications(
    database: Database, scope: Scope, *, limit: int, cursor: str | None = None, outcome: OutcomeKind | None = None
) -> NotificationPage:
    """Return up to `limit` raw notifications, the latest stored first, from after `cursor`."""
    statement = _visible(scope, outcome)
    if cursor is not None:
        statement = statement.where(notifications.c.id < read_cursor(cursor))
    with database.reading() as connection:
        rows = connection.execute(statement.order_by(notifications.c.id.desc()).limit(limit + 1)).all()
    shown = tuple(_row(row) for row in rows[:limit])
    return NotificationPage(shown, f"{shown[-1].id:x}" if len(rows) > limit else None)


def every_notification(
    database: Database, scope: Scope, *, outcome: OutcomeKind | None = None
) -> Iterator[NotificationRow]:
    """Yield all raw notifications in the order they were stored, a page at a time."""
    last = 0
    while True:
        statement = _visible(scope, outcome).where(notifications.c.id > last)
        with database.reading() as connection:
            rows = connection.execute(statement.order_by(notifications.c.id).limit(_STREAM_ROWS)).all()
        yield from (_row(row) for row in rows)
        if len(rows) < _STREAM_ROWS:
            return
        last = rows[-1].id


def get_notification(database: Database, scope: Scope, notification_id: NotificationId) -> NotificationDetail | None:
    """Return one raw notification with its bytes, None where there is none that this reader may see."""
    statement = _visible(scope, None).add_columns(
        notifications.c.payload, notifications.c.sha256, notifications.c.changed
    )
    with database.reading() as connection:
        row = connection.execute(statement.where(notifications.c.id == notification_id)).first()
    if row is None:
        return None
    changed = tuple(row.changed.split(" ")) if row.changed else ()
    return NotificationDetail(
        row=_row(row), payload=bytes(row.payload), sha256=bytes(row.sha256).hex(), changed=changed
    )


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
