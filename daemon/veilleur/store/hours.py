"""How many mentions came in each hour, from the roll-up."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.tally_tables import tallies

_HOUR_MS: Final = 3_600_000


def hourly_counts(
    database: Database, project: str, *, since_at: datetime, until_at: datetime
) -> tuple[tuple[int, int], ...]:
    """Return (an hour's beginning in ms, its mentions) of every hour from the first that has any."""
    slot = tallies.c.slot_at
    # Written out three times, PostgreSQL takes it for three expressions: each has a parameter of its own.
    hour = (slot - slot % _HOUR_MS).label("hour_at")
    query = (
        select(hour, func.sum(tallies.c.every))
        .where(tallies.c.project_id == project, slot >= to_ms(since_at), slot < to_ms(until_at), tallies.c.every > 0)
        .group_by("hour_at")
        .order_by("hour_at")
    )
    with database.reading() as connection:
        counted = {int(row[0]): int(row[1]) for row in connection.execute(query)}
    if not counted:
        return ()
    return tuple((hour, counted.get(hour, 0)) for hour in range(min(counted), to_ms(until_at), _HOUR_MS))
