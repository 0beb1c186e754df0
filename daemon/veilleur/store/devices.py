"""Devices: those paired, and those only heard of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Row, func, select

from veilleur.model.errors import DeviceElsewhere
from veilleur.model.listing import Device
from veilleur.model.scope import DEFAULT_PROJECT, Scope
from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.tables import devices, notifications, outcomes

IS_PAIRED: Final = devices.c.password_hash.is_not(None) & devices.c.revoked_at.is_(None)
"""The condition that a device has an account which was not taken back; it may not have used its code yet."""


class DeviceRow(Struct, frozen=True):
    """What a commit needs to know of a device."""

    id: int
    project_id: str
    is_paired: bool


def known_devices(
    connection: Connection, names: Iterable[str], now_ms: int, *, project: str = DEFAULT_PROJECT
) -> dict[str, DeviceRow]:
    """Return the row of each name, whosever it is; one never heard of is added to the project, unpaired."""
    wanted = sorted(set(names))
    found = _select(connection, wanted)
    missing = [name for name in wanted if name not in found]
    if missing:
        rows = [(name, project, now_ms) for name in missing]
        insert_rows(connection, devices, ("name", "project_id", "first_seen_at"), rows, ignore=True)
        found |= _select(connection, missing)
    return found


def lock_devices(connection: Connection, rows: Iterable[DeviceRow]) -> None:
    """Lock the rows of a batch's devices until the commit, in order: what one device sent is stored one by one."""
    ids = sorted(row.id for row in rows)
    locking = select(devices.c.id).where(devices.c.id.in_(ids)).order_by(devices.c.id).with_for_update(key_share=True)
    connection.execute(locking)


def _select(connection: Connection, names: Sequence[str]) -> dict[str, DeviceRow]:
    asked = (devices.c.name, devices.c.id, devices.c.project_id, IS_PAIRED.label("is_paired"))
    rows = connection.execute(select(*asked).where(devices.c.name.in_(names)))
    return {row.name: DeviceRow(row.id, row.project_id, bool(row.is_paired)) for row in rows}


def is_paired(row: Row[Any]) -> bool:
    """Return whether a device has an account that it may use, and has used where it came by a pairing code."""
    has_come = row.pairing_expires_at is None or row.paired_at is not None
    return row.password_hash is not None and row.revoked_at is None and has_come


def has_device(database: Database, scope: Scope, name: str) -> bool:
    """Return whether the project has a device of this name."""
    query = select(devices.c.id).where((devices.c.name == name) & (devices.c.project_id == scope.project))
    with database.reading() as connection:
        return connection.execute(query).first() is not None


def refuse_elsewhere(database: Database, scope: Scope, name: str) -> None:
    """Raise DeviceElsewhere where another project has a device of this name: names are the broker's, one for all."""
    with database.reading() as connection:
        _refuse_elsewhere(_select(connection, [name]).get(name), scope)


def own_device(connection: Connection, scope: Scope, name: str, now_ms: int) -> DeviceRow:
    """Return the row of a device of the project, which is added where it was never heard of; raises DeviceElsewhere."""
    row = known_devices(connection, [name], now_ms, project=scope.project)[name]
    _refuse_elsewhere(row, scope)
    return row


def _refuse_elsewhere(row: DeviceRow | None, scope: Scope) -> None:
    if row is not None and row.project_id != scope.project:
        raise DeviceElsewhere(
            "a device of this name is not of this project: choose another name, or have whoever runs the server move it"
        )


def list_devices(database: Database, scope: Scope) -> tuple[Device, ...]:
    """Return the project's devices by name, with how many notifications of each this reader may see, and the last."""
    last = func.max(notifications.c.received_at).label("last_seen_at")
    own = notifications.c.project_id == scope.project
    count = select(notifications.c.device_id, func.count().label("count"), last).where(own)
    if not scope.may_read_private:
        count = count.join(outcomes, outcomes.c.notification_id == notifications.c.id).where(outcomes.c.is_public)
    counted = count.group_by(notifications.c.device_id).subquery()
    query = (
        select(devices, func.coalesce(counted.c.count, 0).label("notification_count"), counted.c.last_seen_at)
        .outerjoin(counted, counted.c.device_id == devices.c.id)
        .where(devices.c.project_id == scope.project)
        .order_by(devices.c.name)
    )
    with database.reading() as connection:
        return tuple(
            Device(
                name=row.name,
                project=row.project_id,
                label=row.label,
                is_paired=is_paired(row),
                first_seen_at=from_ms(row.first_seen_at),
                last_received_at=from_ms(row.last_received_at if scope.may_read_private else row.last_seen_at),
                notification_count=row.notification_count,
            )
            for row in connection.execute(query)
        )
