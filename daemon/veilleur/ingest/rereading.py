"""`veilleur reparse`: reads the whole raw log again with today's parsers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from veilleur.ingest.reading import Reader
from veilleur.store.database import Database
from veilleur.store.rereading import Reread, StoredNotification, rereading

_BATCH: Final = 1_000


class ReparseSummary(Struct, frozen=True):
    """What a reparse did: raw notifications read, mentions added, changed and dropped."""

    read: int
    added: int
    changed: int
    dropped: int


def reparse(
    database: Database, reader: Reader, on_progress: Callable[[int, int], None], *, batch_size: int = _BATCH
) -> ReparseSummary:
    """Rebuild outcomes and mentions from the raw log; `on_progress` is told (done, of) in steps.

    Safe beside live ingest and after a kill: run it again.
    """
    read = added = changed = done = 0
    with rereading(database) as run:
        for batch in run.batches(batch_size):
            run.note(batch, _read_again(reader, batch))
            read += len(batch)
            on_progress(batch[-1].id, run.last_id * 2)
        for batch in run.batches(batch_size):
            new, differing = run.rewrite(_read_again(reader, batch))
            added, changed, done = added + new, changed + differing, batch[-1].id
            on_progress(run.last_id + done, run.last_id * 2)
        dropped = run.drop_untold(batch_size)
        return ReparseSummary(read, added, changed, dropped)


def _read_again(reader: Reader, batch: Sequence[StoredNotification]) -> list[Reread]:
    """Read stored rows; one that no longer decodes keeps what was told of it."""
    arrivals = [(stored, reader.read_again(stored.payload, stored.received_at)) for stored in batch]
    return [Reread(stored, arrival) for stored, arrival in arrivals if arrival is not None]
