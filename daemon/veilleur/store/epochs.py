"""Which epochs of a device are over: all but the one that it speaks of."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from veilleur.store.devices import DeviceRow
from veilleur.store.tables import epochs


def leave_open(connection: Connection, device: DeviceRow, epoch: str, now_ms: int) -> None:
    """End every open epoch of a device but this one; what an old spool still held is not known.

    One that was ended goes on where the device speaks of it again (its folder was put back): it needs receipts.
    """
    others = (epochs.c.device_id == device.id) & (epochs.c.epoch != epoch) & epochs.c.closed_at.is_(None)
    connection.execute(update(epochs).where(others).values(closed_at=now_ms))
    own = (epochs.c.device_id == device.id) & (epochs.c.epoch == epoch)
    connection.execute(update(epochs).where(own).values(closed_at=None))


def is_over(connection: Connection, device: DeviceRow, epoch: str) -> bool:
    """Return whether this epoch of a device was ended."""
    here = (epochs.c.device_id == device.id) & (epochs.c.epoch == epoch) & epochs.c.closed_at.is_not(None)
    return connection.execute(select(epochs.c.epoch).where(here)).first() is not None
