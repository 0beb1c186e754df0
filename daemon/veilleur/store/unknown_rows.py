"""The raw rows whose words no pattern reads."""

from __future__ import annotations

from sqlalchemy import select

from veilleur.model.outcome import UNKNOWN_WORDING
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.rereading import StoredNotification
from veilleur.store.tables import devices, notifications, outcomes


def newest_unknown(database: Database, *, limit: int) -> list[StoredNotification]:
    """Return the newest rows of unknown wording, over all devices, the oldest of them first."""
    log = notifications.c
    joined = outcomes.join(notifications, log.id == outcomes.c.notification_id).join(
        devices, devices.c.id == log.device_id
    )
    columns = (log.id, devices.c.name, log.project_id, log.received_at, log.payload)
    query = select(*columns).select_from(joined).where(outcomes.c.reason == UNKNOWN_WORDING)
    with database.reading() as connection:
        rows = connection.execute(query.order_by(outcomes.c.notification_id.desc()).limit(limit)).all()
    return [StoredNotification(row[0], row[1], row[2], from_ms(row[3]), bytes(row[4])) for row in reversed(rows)]
