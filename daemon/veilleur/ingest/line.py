"""The straight line as one call: deliveries in, one commit, what became of them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from veilleur.ingest.committing import Committer
from veilleur.ingest.reading import Reader
from veilleur.model.arrival import Arrival, DeadArrival, Fate
from veilleur.store.database import Database
from veilleur_bridge.delivery import Delivery


class Line:
    """Reads and commits batches; the same batch given twice changes nothing the second time."""

    def __init__(self, database: Database, reader: Reader, clock: Callable[[], datetime]) -> None:
        self._reader = reader
        self._committer = Committer(database, clock)

    def read(self, delivery: Delivery) -> Arrival | DeadArrival:
        """Read one delivery without storing it."""
        return self._reader.read(delivery)

    def commit(self, batch: Sequence[Arrival | DeadArrival], *, is_replayed: bool = False) -> Fate:
        """Commit what was read; raises StoreBusy where nothing was written and it may be tried again."""
        return self._committer.commit(batch, is_replayed=is_replayed)

    def take_in(self, deliveries: Sequence[Delivery], *, is_replayed: bool = False) -> Fate:
        """Read and commit one batch."""
        return self.commit([self._reader.read(delivery) for delivery in deliveries], is_replayed=is_replayed)
