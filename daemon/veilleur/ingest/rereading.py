"""`veilleur reparse`: reads the whole raw log again with today's parsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from veilleur.ingest.reading import Reader
from veilleur.model.identity import MentionId
from veilleur.store.database import Database
from veilleur.store.merging import Seen
from veilleur.store.rereading import Reread, StoredNotification, Which, rereading

_BATCH: Final = 1_000
Progress = Callable[[int, int], None]


class Difference(StrEnum):
    """What a reparse would do with a mention."""

    ADDED = "added"
    CHANGED = "changed"
    DROPPED = "dropped"


class MentionDifference(Struct, frozen=True):
    """One mention that a reparse would touch; `fields` holds [before, after] of each that would change."""

    difference: Difference
    mention_id: MentionId
    notification_id: int
    platform: str
    kind: str
    pattern: str
    fields: dict[str, tuple[Any, Any]] = {}


class ReparseSummary(Struct, frozen=True):
    """What a reparse did: raw notifications read, mentions added, changed and dropped."""

    read: int
    added: int
    changed: int
    dropped: int


def reparse(
    database: Database,
    reader: Reader,
    on_progress: Progress,
    *,
    only: Which = Which.EVERY,
    batch_size: int = _BATCH,
) -> ReparseSummary:
    """Rebuild outcomes and mentions from the raw log; `on_progress` is told (done, of) in steps.

    Safe beside live ingest and after a kill: run it again. With `only` those rows alone are read whose words nobody
    knew, and what they told alone is changed.
    """
    read = added = changed = done = 0
    with rereading(database, only) as run:
        run.mend()
        for batch in run.batches(batch_size):
            run.note(batch, _read_again(reader, batch))
            read += len(batch)
            on_progress(read, run.total * 2)
        for batch in run.batches(batch_size):
            new, differing = run.rewrite(_read_again(reader, batch))
            added, changed, done = added + new, changed + differing, done + len(batch)
            on_progress(run.total + done, run.total * 2)
        dropped = run.drop_untold(batch_size)
        return ReparseSummary(read, added, changed, dropped)


def compare(
    database: Database, reader: Reader, on_progress: Progress, *, batch_size: int = _BATCH
) -> Iterator[MentionDifference]:
    """Yield what a reparse would add, change and drop, and write nothing; `on_progress` is told (done, of) in steps.

    Whether a deletion still stands is compared by what was stored of it, not read anew.
    """
    done = 0
    with rereading(database) as run:
        for batch in run.batches(batch_size):
            run.look(batch, _read_again(reader, batch))
            done += len(batch)
            on_progress(done, run.total * 2)
        for batch in run.batches(batch_size):
            compared = run.compare(_read_again(reader, batch))
            yield from (_difference(Difference.ADDED, one) for one in compared.added)
            yield from (_difference(Difference.CHANGED, one.seen, one.fields) for one in compared.changed)
            done += len(batch)
            on_progress(done, run.total * 2)
        for gone in run.untold():
            yield MentionDifference(
                Difference.DROPPED, gone.mention_id, gone.notification_id, gone.platform, gone.kind, gone.pattern
            )


def _difference(
    difference: Difference, one: Seen, fields: dict[str, tuple[Any, Any]] | None = None
) -> MentionDifference:
    draft = one.sighting.draft
    platform = draft.platform or one.arrival.reading.platform
    about = (one.sighting.id, one.notification_id, platform, draft.kind.value, draft.pattern)
    return MentionDifference(difference, *about, fields or {})


def _read_again(reader: Reader, batch: Sequence[StoredNotification]) -> list[Reread]:
    """Read stored rows; one that no longer decodes keeps what was told of it."""
    arrivals = [(stored, reader.read_again(stored.payload, stored.received_at)) for stored in batch]
    return [Reread(stored, arrival) for stored, arrival in arrivals if arrival is not None]
