"""The (device, epoch) rows that a batch touches: locked in key order, read, changed and saved in its transaction."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select, tuple_, update

from veilleur.store.among import among
from veilleur.store.bulk import insert_rows
from veilleur.store.intervals import Received
from veilleur.store.tables import epochs, received_intervals

EpochKey = tuple[int, str]


def lock_places(connection: Connection, keys: Iterable[EpochKey], now_ms: int) -> dict[EpochKey, Received]:
    """Return what was received of each (device id, epoch), the rows locked until the commit.

    Key order makes several daemons on one database wait for each other instead of deadlocking.
    """
    ordered = sorted(set(keys))
    if not ordered:
        return {}
    rows = [(device_id, epoch, 0, now_ms) for device_id, epoch in ordered]
    insert_rows(connection, epochs, ("device_id", "epoch", "watermark", "first_seen_at"), rows, ignore=True)
    wanted = tuple_(epochs.c.device_id, epochs.c.epoch).in_(ordered)
    locking = select(epochs).where(wanted).order_by(epochs.c.device_id, epochs.c.epoch).with_for_update()
    watermarks = {(row.device_id, row.epoch): row.watermark for row in connection.execute(locking)}
    spans: dict[EpochKey, list[tuple[int, int]]] = {key: [] for key in ordered}
    held = tuple_(received_intervals.c.device_id, received_intervals.c.epoch).in_(ordered)
    for row in connection.execute(select(received_intervals).where(held)):
        spans[row.device_id, row.epoch].append((row.from_seq, row.through_seq))
    return {key: Received(watermarks[key], spans[key]) for key in ordered}


def save_places(connection: Connection, places: dict[EpochKey, Received]) -> None:
    """Write back what changed of the watermarks and spans."""
    for (device_id, epoch), received in places.items():
        if received.watermark != received.was_watermark:
            is_row = (epochs.c.device_id == device_id) & (epochs.c.epoch == epoch)
            connection.execute(update(epochs).where(is_row).values(watermark=received.watermark))
        spans = frozenset(received.spans)
        gone = [first for first, _ in received.were_spans - spans]
        if gone:
            of_epoch = (received_intervals.c.device_id == device_id) & (received_intervals.c.epoch == epoch)
            begins_there = among(connection, received_intervals.c.from_seq, gone)
            connection.execute(delete(received_intervals).where(of_epoch & begins_there))
        rows = [(device_id, epoch, first, last) for first, last in sorted(spans - received.were_spans)]
        insert_rows(connection, received_intervals, ("device_id", "epoch", "from_seq", "through_seq"), rows)
