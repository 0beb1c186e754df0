"""Gaps that an operator ends: seqs that never came are answered for, and the device's spool can go on."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from veilleur.model.errors import NoSuchGap
from veilleur.model.gaps import SeqGap
from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.devices import known_devices, lock_devices
from veilleur.store.instants import to_ms
from veilleur.store.intervals import Received
from veilleur.store.places import lock_places, save_places
from veilleur.store.tables import device_statuses, devices, epochs, lost_ranges, received_intervals

_LOST_COLUMNS: Final = tuple(column.name for column in lost_ranges.columns)


def find_gap(database: Database, device: str, epoch: str | None, from_seq: int, through_seq: int) -> SeqGap:
    """Return what never came of these seqs, both ends included; `epoch` None means the device's one open epoch.

    Raises NoSuchGap where the device, the epoch or the gap is not there, or where a seq may not have been given yet.
    """
    with database.reading() as connection:
        row = _epoch_row(connection, device, epoch)
        spans = received_intervals.c
        of_epoch = (spans.device_id == row.device_id) & (spans.epoch == row.epoch)
        held = connection.execute(select(spans.from_seq, spans.through_seq).where(of_epoch))
        received = Received(row.watermark, [(first, last) for first, last in held])
        status = _status_row(connection, row)
    _refuse_future(received, None if status is None else status.next_seq, through_seq)
    missing = received.missing(from_seq, through_seq)
    if not missing:
        raise NoSuchGap(f"all seqs from {from_seq} to {through_seq} of {device} have come or are answered for")
    first_held = None if status is None or not status.spool_depth else status.first_seq
    return SeqGap(device=device, epoch=row.epoch, spans=missing, held_from=first_held)


def close_gap(database: Database, gap: SeqGap, *, now: datetime) -> int:
    """Answer for a gap, so that the watermark passes; return the watermark.

    What comes of it after all is stored as it is: it was told lost, and is no duplicate.
    """
    now_ms = to_ms(now)
    with database.writing() as connection:
        row = known_devices(connection, [gap.device], now_ms)[gap.device]
        lock_devices(connection, [row])
        places = lock_places(connection, [(row.id, gap.epoch)], now_ms)
        received = places[row.id, gap.epoch]
        for first, last in gap.spans:
            received.add(first, last)
        lost = [(row.id, gap.epoch, first, last) for first, last in gap.spans]
        insert_rows(connection, lost_ranges, _LOST_COLUMNS, lost, ignore=True)
        save_places(connection, places)
        return received.watermark


def _epoch_row(connection: Connection, device: str, epoch: str | None) -> Row[Any]:
    wanted = epochs.c.closed_at.is_(None) if epoch is None else epochs.c.epoch == epoch
    query = select(epochs).join(devices).where(devices.c.name == device).where(wanted).order_by(epochs.c.epoch)
    rows = connection.execute(query).all()
    if not rows:
        raise NoSuchGap(f"{device} has sent nothing{'' if epoch is None else f' in epoch {epoch}'}: see `device list`")
    if len(rows) > 1:
        names = ", ".join(row.epoch for row in rows)
        raise NoSuchGap(f"{device} has several open epochs: say which one with --epoch ({names})")
    return rows[0]


def _status_row(connection: Connection, epoch: Row[Any]) -> Row[Any] | None:
    here = (device_statuses.c.device_id == epoch.device_id) & (device_statuses.c.epoch == epoch.epoch)
    return connection.execute(select(device_statuses).where(here)).first()


def _refuse_future(received: Received, next_seq: int | None, through_seq: int) -> None:
    highest = max(received.highest, (next_seq or 1) - 1)
    if through_seq > highest:
        raise NoSuchGap(f"seq {through_seq} may not exist yet: the highest known one is {highest}")
