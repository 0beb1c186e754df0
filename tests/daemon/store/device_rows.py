"""Devices with a status and a config, written by hand as ingest writes them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert, select

from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.tables import device_statuses, devices
from veilleur_bridge.wire.status import DeviceStatus, write_status

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


def make_device(database: Database, name: str = "salle-1", project: str = "default") -> int:
    """Add a device that is only heard of; return its row's id."""
    with database.writing() as connection:
        connection.execute(insert(devices).values(name=name, project_id=project, first_seen_at=0))
        return int(connection.execute(select(devices.c.id).where(devices.c.name == name)).scalar_one())


def online(epoch: str = "e1", at: datetime = NOON, **told: object) -> DeviceStatus:
    """Return a status of a device whose spool is empty."""
    usual = {"first_seq": 1, "next_seq": 1, "spool_depth": 0, "sent_at": at, "config_revision": 0}
    return DeviceStatus(online=True, epoch=epoch, **(usual | told))  # type: ignore[arg-type]  # any field of it


def tell_status(database: Database, device_id: int, status: DeviceStatus, at: datetime = NOON) -> None:
    """Store a device's newest status."""
    with database.writing() as connection:
        connection.execute(device_statuses.delete().where(device_statuses.c.device_id == device_id))
        connection.execute(
            insert(device_statuses).values(
                device_id=device_id,
                epoch=status.epoch,
                is_online=status.online,
                received_at=to_ms(at),
                online_at=to_ms(at),
                sent_at=None if status.sent_at is None else to_ms(status.sent_at),
                first_seq=status.first_seq,
                next_seq=status.next_seq,
                spool_depth=status.spool_depth,
                config_revision=status.config_revision,
                config_revision_at=to_ms(at),
                payload=write_status(status),
            )
        )
