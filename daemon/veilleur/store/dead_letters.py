"""Reads the dead letters that nobody has read since."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, select, update

from veilleur.model.arrival import Arrival
from veilleur.model.listing import DeadLetter
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.tables import dead_letters, devices, notifications

_COLUMNS: Final[tuple[ColumnElement[Any], ...]] = (
    dead_letters.c.id,
    devices.c.name.label("device"),
    dead_letters.c.epoch,
    dead_letters.c.seq,
    dead_letters.c.received_at,
    dead_letters.c.reason,
    dead_letters.c.detail,
    func.length(dead_letters.c.payload).label("size_bytes"),
)
_JOINED: Final = dead_letters.join(devices, devices.c.id == dead_letters.c.device_id)


def list_dead(database: Database, scope: Scope, *, limit: int | None = None, after: int = 0) -> tuple[DeadLetter, ...]:
    """Return what is still dead, in the order it came, from after the id `after`.

    Nobody knows what such bytes hold: a reader without private rows sees none.
    """
    if not scope.may_read_private:
        return ()
    is_dead = (dead_letters.c.project_id == scope.project) & dead_letters.c.recovered_at.is_(None)
    query = select(*_COLUMNS).select_from(_JOINED).where(is_dead & (dead_letters.c.id > after))
    with database.reading() as connection:
        rows = connection.execute(query.order_by(dead_letters.c.id).limit(limit)).all()
    return tuple(_dead_letter(row) for row in rows)


def dead_payload(database: Database, scope: Scope, dead_letter_id: int) -> bytes | None:
    """Return the bytes as they are stored, None where there is no such dead letter."""
    if not scope.may_read_private:
        return None
    is_it = (dead_letters.c.id == dead_letter_id) & (dead_letters.c.project_id == scope.project)
    with database.reading() as connection:
        found = connection.execute(select(dead_letters.c.payload).where(is_it)).scalar_one_or_none()
    return None if found is None else bytes(found)


def is_in_log(database: Database, one: Arrival) -> bool:
    """Whether the raw log holds this envelope: at its place, or under its id where it has none."""
    log, place = notifications.c, one.place
    is_there = log.seq.is_(None) if place is None else (log.epoch == place.epoch) & (log.seq == place.seq)
    is_it = (devices.c.name == one.device) & (log.envelope_id == one.envelope_id) & is_there
    query = select(log.id).select_from(notifications.join(devices, devices.c.id == log.device_id)).where(is_it)
    with database.reading() as connection:
        return connection.execute(query).first() is not None


def mark_read(database: Database, dead_letter_id: int, *, now_ms: int) -> None:
    """Mark a dead letter that was read after all."""
    with database.writing() as connection:
        marking = update(dead_letters).where(dead_letters.c.id == dead_letter_id)
        connection.execute(marking.values(recovered_at=now_ms))


def _dead_letter(row: Row[Any]) -> DeadLetter:
    return DeadLetter(
        id=row.id,
        device=row.device,
        epoch=row.epoch,
        seq=row.seq,
        received_at=from_ms(row.received_at),
        reason=row.reason,
        detail=row.detail,
        size_bytes=row.size_bytes,
    )
