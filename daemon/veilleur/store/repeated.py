"""Messages that a notification only names, because one read before told them whole: held against what is stored."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs
from sqlalchemy import Connection

from veilleur.model.arrival import Arrival
from veilleur.model.identity import MentionId
from veilleur.store.devices import DeviceRow
from veilleur.store.instants import from_ms
from veilleur.store.line_texts import LineTeller
from veilleur.store.merging import captured_at_of_tellers

Fresh = tuple[DeviceRow, Arrival]


def told_whole(connection: Connection, fresh: Sequence[Fresh], teller: LineTeller | None) -> Sequence[Fresh]:
    """Return what is new in a batch, each notification read again that repeats a message which none tells earlier.

    The one that told it was perhaps refused, erased since, or is another log's.
    """
    repeated = {mention_id for _, one in fresh for mention_id in one.reading.repeated}
    if not repeated or teller is None:
        return fresh
    captured_at_ms = _earliest(connection, repeated, fresh)
    doubted = [
        one
        for _, one in fresh
        if any(captured_at_ms.get(told, one.captured_at_ms) >= one.captured_at_ms for told in one.reading.repeated)
    ]
    if not doubted:
        return fresh
    read = teller.read_again([(one.payload, from_ms(one.received_at_ms)) for one in doubted])
    whole = {id(one): again.reading for one, again in zip(doubted, read, strict=True) if again is not None}
    return [(device, structs.replace(one, reading=whole.get(id(one), one.reading))) for device, one in fresh]


def _earliest(connection: Connection, repeated: set[MentionId], fresh: Sequence[Fresh]) -> dict[MentionId, int]:
    """Return when the earliest sighting of each was captured, of those stored and those of this batch."""
    earliest = captured_at_of_tellers(connection, repeated)
    for _, one in fresh:
        for sighting in one.reading.sightings:
            earliest[sighting.id] = min(earliest.get(sighting.id, one.captured_at_ms), one.captured_at_ms)
    return earliest
