"""When each app of each device brought something: what arrived live, whatever became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select

from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.tables import device_statuses, devices, notifications


class AppKey(Struct, frozen=True):
    """One app on one device."""

    device: str
    package: str

    @property
    def subject(self) -> str:
        """Return what an alarm about it is known by."""
        return f"{self.device}:{self.package}"


def app_arrivals(database: Database, *, since_at: datetime, after_id: int) -> tuple[Mapping[AppKey, list[int]], int]:
    """Return when notifications stored after one row were captured, per app, and the newest row looked at.

    Only of devices that said how they are, and what came live: a replayed log ends, and falls silent with that.
    """
    query = (
        select(devices.c.name, notifications.c.package, notifications.c.captured_at)
        .join(devices, devices.c.id == notifications.c.device_id)
        .join(device_statuses, device_statuses.c.device_id == devices.c.id)
        .where(
            notifications.c.id > after_id,
            notifications.c.seq.is_not(None),
            ~notifications.c.is_replayed,
            notifications.c.event != "lost",
            notifications.c.captured_at >= to_ms(since_at),
            devices.c.revoked_at.is_(None),
        )
    )
    found: dict[AppKey, list[int]] = defaultdict(list)
    with database.reading() as connection:
        newest = connection.execute(select(func.max(notifications.c.id))).scalar() or 0
        for device, package, captured_at in connection.execute(query.where(notifications.c.id <= newest)):
            found[AppKey(device, package)].append(captured_at)
    return found, newest
