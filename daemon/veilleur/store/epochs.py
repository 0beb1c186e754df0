"""Epochs that are over: a device with a fresh spool never comes back to an old one."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from veilleur.store.devices import DeviceRow
from veilleur.store.tables import epochs


def close_other_epochs(connection: Connection, device: DeviceRow, epoch: str, now_ms: int) -> None:
    """End every open epoch of a device but this one; what its old spool still held is not known."""
    others = (epochs.c.device_id == device.id) & (epochs.c.epoch != epoch) & epochs.c.closed_at.is_(None)
    connection.execute(update(epochs).where(others).values(closed_at=now_ms))


def is_over(connection: Connection, device: DeviceRow, epoch: str) -> bool:
    """Return whether this epoch of a device was ended."""
    here = (epochs.c.device_id == device.id) & (epochs.c.epoch == epoch) & epochs.c.closed_at.is_not(None)
    return connection.execute(select(epochs.c.epoch).where(here)).first() is not None
