"""The straight line as one call, in this process: deliveries in, one commit, what became of them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from veilleur.ingest.committing import Committer
from veilleur.ingest.reading import Reader
from veilleur.ingest.telling import Teller
from veilleur.model.arrival import Fate
from veilleur.store.database import Database
from veilleur_bridge.delivery import Delivery


class Line:
    """Reads and commits batches; the same batch given twice changes nothing the second time."""

    def __init__(self, database: Database, reader: Reader, clock: Callable[[], datetime]) -> None:
        self._reader = reader
        self._committer = Committer(database, clock, teller=Teller(lambda: reader))

    def take_in(self, deliveries: Sequence[Delivery], *, is_replayed: bool = False) -> Fate:
        """Read and commit one batch."""
        return self._committer.commit([self._reader.read(one) for one in deliveries], is_replayed=is_replayed)
