"""Batches that were read and only need to be committed: what a source looks like from the committing side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from msgspec import Struct

from veilleur.ingest.reading import Reader
from veilleur.model.arrival import Arrival, DeadArrival
from veilleur_bridge.delivery import Delivery, Source

_BATCH: Final = 1_000
# What decoding and parsing make of so many is held at once.
_READ_AT_ONCE: Final = 250


class ReadBatch(Struct, frozen=True):
    """Deliveries as they were read; `number` is what their source knows them by."""

    number: int
    arrivals: list[Arrival | DeadArrival]


class BatchSource(Protocol):
    """Anything that yields read batches and is told when one is safe.

    `take` waits up to `wait_seconds`, and returns None where nothing came. `acknowledge` is called once for each
    batch, after its commit.
    """

    def take(self, wait_seconds: float) -> ReadBatch | None: ...

    def acknowledge(self, number: int) -> None: ...


class ReadHere:
    """Reads a source's deliveries in this process; holds them until their batch is acknowledged."""

    def __init__(self, source: Source, reader: Reader) -> None:
        self._source = source
        self._reader = reader
        self._held: dict[int, Sequence[Delivery]] = {}
        self._taken = 0

    def take(self, wait_seconds: float) -> ReadBatch | None:
        """Return the next batch, at most 1,000 deliveries."""
        deliveries = self._source.take(_BATCH, wait_seconds)
        if not deliveries:
            return None
        self._taken += 1
        self._held[self._taken] = deliveries
        parts = (deliveries[start : start + _READ_AT_ONCE] for start in range(0, len(deliveries), _READ_AT_ONCE))
        return ReadBatch(self._taken, [one for part in parts for one in self._reader.read_all(part)])

    def acknowledge(self, number: int) -> None:
        """Let the source acknowledge this batch's deliveries; safe from another thread."""
        self._source.acknowledge(self._held.pop(number))
