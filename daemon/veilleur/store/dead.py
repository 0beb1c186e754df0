"""Dead letters of a batch: written, recovered, and told their device where it alone can answer for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, tuple_, update

from veilleur.model.arrival import Arrival, DeadArrival
from veilleur.store.bulk import insert_rows
from veilleur.store.counters import Counter, take
from veilleur.store.devices import DeviceRow
from veilleur.store.refused import RefusedPayload
from veilleur.store.sorting import NewDead, PlaceKey
from veilleur.store.tables import dead_letters

UNPAIRED: Final = "unpaired_device"

_DEAD_COLUMNS: Final = tuple(column.name for column in dead_letters.columns if column.name != "recovered_at")


def write_dead(connection: Connection, dead: Sequence[NewDead]) -> None:
    """Insert the dead letters."""
    rows: list[tuple[Any, ...]] = []
    for number, one in zip(take(connection, Counter.DEAD_LETTERS, len(dead)), dead, strict=True):
        epoch, seq = (one.place.epoch, one.place.seq) if one.place else (None, None)
        arrival = one.arrival
        head = (number, one.device.project_id, one.device.id, epoch, seq, arrival.envelope_id, arrival.received_at_ms)
        rows.append((*head, one.sha, arrival.payload, arrival.reason, arrival.detail))
    insert_rows(connection, dead_letters, _DEAD_COLUMNS, rows)


def mark_recovered(connection: Connection, recovered: Sequence[PlaceKey], now_ms: int) -> None:
    """Mark the dead letters whose seq a readable envelope has taken."""
    if recovered:
        place = tuple_(dead_letters.c.device_id, dead_letters.c.epoch, dead_letters.c.seq)
        connection.execute(update(dead_letters).where(place.in_(recovered)).values(recovered_at=now_ms))


def to_be_told(known: Mapping[str, DeviceRow], batch: Sequence[Arrival | DeadArrival]) -> Iterator[RefusedPayload]:
    """Yield what must stand in receipts: duplicates too, since the device that sends again has not been told."""
    for one in batch:
        if isinstance(one, DeadArrival) and one.received_sha256 is not None:
            yield RefusedPayload(known[one.device].id, one.received_sha256, one.received_at_ms)


def without_unpaired(
    known: Mapping[str, DeviceRow], batch: Sequence[Arrival | DeadArrival]
) -> Iterator[Arrival | DeadArrival]:
    """Yield the batch with what unpaired devices sent as dead letters without a seq: once paired they send it again."""
    for one in batch:
        yield one if known[one.device].is_paired else _unpaired(one)


def _unpaired(one: Arrival | DeadArrival) -> DeadArrival:
    return DeadArrival(
        device=one.device,
        place=None,
        envelope_id=one.envelope_id,
        received_at_ms=one.received_at_ms,
        payload=one.payload,
        reason=UNPAIRED,
        detail="nobody paired this device: `veilleur device pair` does, or VEILLEUR_UNPAIRED_DEVICES=accept",
    )
