"""Statuses made by hand, as the control link hears them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.daemon.store.arrivals import NOON_MS
from veilleur.store.database import Database
from veilleur.store.statuses import HeardStatus, save_statuses
from veilleur_bridge.wire.status import DeviceStatus, write_status

SENT_AT = datetime(2026, 11, 10, 12, tzinfo=UTC)


def online(epoch: str, **members: Any) -> DeviceStatus:
    """Return the status of a device whose spool is empty, unless told."""
    empty = DeviceStatus(
        online=True, epoch=epoch, first_seq=1, next_seq=1, spool_depth=0, sent_at=SENT_AT, config_revision=0
    )
    return replace(empty, **members)


def gone(epoch: str) -> DeviceStatus:
    return DeviceStatus(online=False, epoch=epoch)


def report(
    database: Database,
    status: DeviceStatus,
    device: str = "salle-1",
    *,
    is_retained: bool = False,
    at_ms: int = NOON_MS,
) -> frozenset[str]:
    """Save one status; return the devices of which anything was new."""
    return save_statuses(database, [HeardStatus(device, status, write_status(status), is_retained)], at_ms)
