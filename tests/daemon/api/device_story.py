"""What the story's tablet says of itself, what is asked of it, and what of it was not seen."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from tests.daemon.api.story import NOW
from tests.daemon.store.device_rows import online, tell_status
from veilleur.model.alarms import AlarmCode
from veilleur.model.coverage import CoverageCause
from veilleur.model.device_config import first_config
from veilleur.store.alarms import clear_alarm, raise_alarm
from veilleur.store.coverage_rows import LedgerRow, StateChanges, write_states
from veilleur.store.database import Database
from veilleur.store.device_configs import give_first_config
from veilleur.store.instants import to_ms
from veilleur.store.tables import devices

HOUR = timedelta(hours=1)
DEVICE = "salle-1"


def device_row(database: Database) -> int:
    """Return the id of the story's tablet."""
    with database.reading() as connection:
        return int(connection.execute(select(devices.c.id).where(devices.c.name == DEVICE)).scalar_one())


def interval(database: Database, cause: CoverageCause, subject: str, hours: tuple[int, int | None]) -> LedgerRow:
    """Return what was not seen between two hours before NOW."""
    first, last = hours
    return LedgerRow(
        device_id=device_row(database),
        cause=cause,
        subject=subject,
        since_ms=to_ms(NOW - first * HOUR),
        until_ms=None if last is None else to_ms(NOW - last * HOUR),
        count=4,
        detail="test",
    )


def tell_of_the_device(database: Database) -> None:
    """Store a status, a configuration, two alarms and what was not seen at three times."""
    status = online(
        "e1", NOW + HOUR, next_seq=7, spool_depth=2, battery_percent=97, charging=True, active_notifications={"a": 3}
    )
    tell_status(database, device_row(database), status, NOW)
    give_first_config(database, device_row(database), first_config("companion"), now=NOW)
    raise_alarm(database, AlarmCode.SATURATED, f"{DEVICE}:com.whatsapp", "20 active", NOW - HOUR)
    raise_alarm(database, AlarmCode.BROKER_DOWN, "broker", "no answer", NOW - 2 * HOUR)
    clear_alarm(database, AlarmCode.BROKER_DOWN, "broker", NOW - HOUR)
    rows = (
        interval(database, CoverageCause.GAP, "e1:2-5", (200, 190)),
        interval(database, CoverageCause.QUARANTINED, "com.whatsapp", (30, 20)),
        interval(database, CoverageCause.DROPPED, "e1:app", (4, 3)),
        interval(database, CoverageCause.OFFLINE, "device", (2, None)),
    )
    write_states(database, StateChanges(rows))
