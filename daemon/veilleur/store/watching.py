"""Reads what the Watchman looks at: every device as it stands, and its newest config."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, and_, func, select, update

from veilleur.model.watched import DeviceState, WatchedDevice
from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.tables import device_configs, device_statuses, devices, epochs, facts
from veilleur_bridge.wire.config import read_config
from veilleur_bridge.wire.status import read_status

_LOOKED_AT: Final = "coverage.looked_at"
_NOTED_EVERY: Final = timedelta(minutes=1)
_STATUS_COLUMNS: Final = tuple(
    device_statuses.c[name].label(f"status_{name}")
    for name in ("payload", "is_online", "received_at", "online_at", "config_revision_at")
)


def watched_devices(database: Database) -> tuple[WatchedDevice, ...]:
    """Return every device, by name."""
    newest = select(device_configs.c.device_id, func.max(device_configs.c.revision).label("revision"))
    newest_of = newest.group_by(device_configs.c.device_id).subquery()
    is_newest = and_(
        device_configs.c.device_id == newest_of.c.device_id, device_configs.c.revision == newest_of.c.revision
    )
    of_epoch = and_(epochs.c.device_id == devices.c.id, epochs.c.epoch == device_statuses.c.epoch)
    joined = (
        devices.outerjoin(device_statuses, device_statuses.c.device_id == devices.c.id)
        .outerjoin(newest_of, newest_of.c.device_id == devices.c.id)
        .outerjoin(device_configs, is_newest)
        .outerjoin(epochs, of_epoch)
    )
    config = (device_configs.c.payload.label("config_payload"), device_configs.c.created_at.label("config_created_at"))
    query = select(devices, *_STATUS_COLUMNS, *config, epochs.c.watermark).select_from(joined).order_by(devices.c.name)
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return tuple(_device(row) for row in rows)


def note_look(database: Database, now: datetime) -> None:
    """Keep when somebody last looked, for those who ask another process; at most once a minute."""
    before = last_look(database)
    if before is None or now - before >= _NOTED_EVERY:
        with database.writing() as connection:
            insert_rows(connection, facts, ("name", "value"), [(_LOOKED_AT, "")], ignore=True)
            noted = update(facts).where(facts.c.name == _LOOKED_AT)
            connection.execute(noted.values(value=str(to_ms(now))))


def last_look(database: Database) -> datetime | None:
    """Return when somebody last looked, to the minute; None where nobody ever has."""
    with database.reading() as connection:
        noted = connection.execute(select(facts.c.value).where(facts.c.name == _LOOKED_AT)).scalar()
    return from_ms(int(noted)) if noted else None


def _device(row: Row[Any]) -> WatchedDevice:
    return WatchedDevice(
        id=row.id,
        name=row.name,
        project=row.project_id,
        is_paired=row.password_hash is not None and row.revoked_at is None,
        is_revoked=row.revoked_at is not None,
        last_received_at=from_ms(row.last_received_at),
        state=_state(row),
        config=None if row.config_payload is None else read_config(bytes(row.config_payload)),
        config_created_at=from_ms(row.config_created_at),
        watermark=row.watermark,
    )


def _state(row: Row[Any]) -> DeviceState | None:
    if row.status_payload is None:
        return None
    status = read_status(bytes(row.status_payload))
    if status is None:
        return None
    received_at = from_ms(row.status_received_at)
    online_at = received_at if row.status_online_at is None else from_ms(row.status_online_at)
    return DeviceState(
        status=status,
        is_online=row.status_is_online,
        received_at=received_at,
        online_at=online_at,
        config_revision_at=from_ms(row.status_config_revision_at),
    )
