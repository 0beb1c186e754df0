"""What devices say of themselves: the newest status of each, and the epochs that a status ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, delete, select, update

from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.devices import DeviceRow, known_devices, lock_devices
from veilleur.store.epochs import is_over, leave_open
from veilleur.store.instants import to_ms
from veilleur.store.refused import forget_refused
from veilleur.store.tables import device_statuses, devices
from veilleur_bridge.wire.status import DeviceStatus

_COLUMNS: Final = tuple(column.name for column in device_statuses.columns)


class HeardStatus(NamedTuple):
    """One status as it came from a device, read and as bytes."""

    device: str
    status: DeviceStatus
    payload: bytes
    is_retained: bool


def save_statuses(database: Database, heard: Sequence[HeardStatus], now_ms: int) -> frozenset[str]:
    """Keep the newest status of each device; return the devices of which anything was new.

    A device that comes with a fresh spool ends its other epochs. What the broker had kept changes nothing where it is
    stored already or of an ended epoch. A last will changes only whether the device is online.
    """
    news = _without_known(database, heard)
    if not news:
        return frozenset()
    with database.writing() as connection:
        known = known_devices(connection, (one.device for one in news), now_ms)
        lock_devices(connection, known.values())
        return frozenset(one.device for one in news if _save(connection, known[one.device], one, now_ms))


def _without_known(database: Database, heard: Sequence[HeardStatus]) -> list[HeardStatus]:
    if not any(one.is_retained for one in heard):
        return list(heard)
    query = select(devices.c.name, device_statuses.c.payload, device_statuses.c.is_online).join(devices)
    with database.reading() as connection:
        stored = {row.name: (bytes(row.payload), row.is_online) for row in connection.execute(query)}
    return [one for one in heard if not (one.is_retained and stored.get(one.device) == (one.payload, True))]


def _save(connection: Connection, device: DeviceRow, one: HeardStatus, now_ms: int) -> bool:
    held = connection.execute(select(device_statuses).where(device_statuses.c.device_id == device.id)).first()
    if held is not None and not one.status.online:
        return _save_will(connection, held, one.status.epoch, now_ms)
    if (one.is_retained or not one.status.online) and is_over(connection, device, one.status.epoch):
        return False
    connection.execute(delete(device_statuses).where(device_statuses.c.device_id == device.id))
    insert_rows(connection, device_statuses, _COLUMNS, [_row(device, one, held, now_ms)])
    if one.status.online:
        leave_open(connection, device, one.status.epoch, now_ms)
    if one.status.spool_depth == 0:
        forget_refused(connection, device.id)
    return True


def _save_will(connection: Connection, held: Row[Any], epoch: str, now_ms: int) -> bool:
    if held.epoch != epoch or not held.is_online:
        return False
    gone = update(device_statuses).where(device_statuses.c.device_id == held.device_id)
    connection.execute(gone.values(is_online=False, received_at=now_ms))
    return True


def _row(device: DeviceRow, one: HeardStatus, held: Row[Any] | None, now_ms: int) -> tuple[Any, ...]:
    status = one.status
    online_at = now_ms if status.online else None
    sent_at = None if status.sent_at is None else to_ms(status.sent_at)
    counts = (status.first_seq, status.next_seq, status.spool_depth, status.config_revision)
    in_force_at = _in_force_at(status.config_revision, held, now_ms)
    return (device.id, status.epoch, status.online, now_ms, online_at, sent_at, *counts, one.payload, in_force_at)


def _in_force_at(revision: int | None, held: Row[Any] | None, now_ms: int) -> int | None:
    """Return when a device first told of the revision that it goes by; None where that was before this was kept."""
    if revision is None:
        return None
    if held is not None and held.config_revision == revision:
        return None if held.config_revision_at is None else int(held.config_revision_at)
    return now_ms
