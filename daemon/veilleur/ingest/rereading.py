"""`veilleur reparse`: reads the whole raw log again with today's parsers."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Collection, Iterator, Sequence
from enum import StrEnum
from functools import partial
from typing import Any, Final

from msgspec import Struct

from veilleur.ingest.reading import Reader
from veilleur.ingest.telling import Teller
from veilleur.model.arrival import Arrival
from veilleur.model.identity import MentionId
from veilleur.model.kinds import ChangeKind, OutcomeKind
from veilleur.parsers.generic import NO_PARSER
from veilleur.parsers.protocol import Fault
from veilleur.store.database import Database
from veilleur.store.merging import Seen
from veilleur.store.rereading import Reread, StoredNotification, Which, rereading

_BATCH: Final = 1_000
_FAULTS: Final = frozenset(Fault)
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
    """What a reparse did: raw notifications read, mentions added, changed and dropped.

    `unread` of the notifications could not be read again, and keep what was told of them.
    """

    read: int
    added: int
    changed: int
    dropped: int
    unread: int = 0


def reparse(  # noqa: PLR0913 - how the run goes is said by name
    database: Database,
    reader: Reader,
    on_progress: Progress,
    *,
    only: Which = Which.EVERY,
    plug_ins: Collection[str] = (),
    batch_size: int = _BATCH,
) -> ReparseSummary:
    """Rebuild outcomes and mentions from the raw log; `on_progress` is told (done, of) in steps.

    Safe beside live ingest and after a kill: run it again. With `only` those rows alone are read whose words nobody
    knew, and what they told alone is changed. What a parser told stays while that parser fails or is suspended, or
    is one of the `plug_ins` and gone.
    """
    read = done = 0
    again = partial(_read_again, reader, plug_ins)
    refolded: Tally[ChangeKind] = Tally()
    with rereading(database, Teller(lambda: reader), only) as run:
        run.mend()
        for batch in run.batches(batch_size):
            refolded.update(run.note(batch, again(batch)).values())
            read += len(batch)
            on_progress(read, run.total * 2)
        added, changed = refolded[ChangeKind.CREATED], refolded[ChangeKind.CHANGED]
        for batch in run.batches(batch_size):
            new, differing = run.rewrite(again(batch))
            added, changed, done = added + new, changed + differing, done + len(batch)
            on_progress(run.total + done, run.total * 2)
        dropped = refolded[ChangeKind.ERASED] + run.drop_untold(batch_size)
        return ReparseSummary(read, added, changed, dropped, run.unread)


def compare(  # noqa: PLR0913 - what `reparse` takes, and who is told what it would leave
    database: Database,
    reader: Reader,
    on_progress: Progress,
    *,
    plug_ins: Collection[str] = (),
    on_unread: Callable[[int], None] = lambda _unread: None,
    batch_size: int = _BATCH,
) -> Iterator[MentionDifference]:
    """Yield what a reparse would add, change and drop, and write nothing; `on_progress` is told (done, of) in steps.

    Whether a deletion still stands is compared by what was stored of it, not read anew. `on_unread` is told at the
    end how many notifications could not be read again.
    """
    done = 0
    again = partial(_read_again, reader, plug_ins)
    with rereading(database, Teller(lambda: reader)) as run:
        for batch in run.batches(batch_size):
            run.look(batch, again(batch))
            done += len(batch)
            on_progress(done, run.total * 2)
        for batch in run.batches(batch_size):
            compared = run.compare(again(batch))
            yield from (_difference(Difference.ADDED, one) for one in compared.added)
            yield from (_difference(Difference.CHANGED, one.seen, one.fields) for one in compared.changed)
            done += len(batch)
            on_progress(done, run.total * 2)
        for gone in run.untold():
            yield MentionDifference(
                Difference.DROPPED, gone.mention_id, gone.notification_id, gone.platform, gone.kind, gone.pattern
            )
        on_unread(run.unread)


def _difference(
    difference: Difference, one: Seen, fields: dict[str, tuple[Any, Any]] | None = None
) -> MentionDifference:
    draft = one.sighting.draft
    platform = draft.platform or one.arrival.reading.platform
    about = (one.sighting.id, one.notification_id, platform, draft.kind.value, draft.pattern)
    return MentionDifference(difference, *about, fields or {})


def _read_again(reader: Reader, plug_ins: Collection[str], batch: Sequence[StoredNotification]) -> list[Reread]:
    """Read stored rows; one that no longer decodes, or whose parser is out of order, keeps what was told of it."""
    arrivals = reader.read_again([(stored.payload, stored.received_at) for stored in batch])
    return [
        Reread(stored, arrival)
        for stored, arrival in zip(batch, arrivals, strict=True)
        if arrival is not None and not _is_out_of_order(stored, arrival, plug_ins)
    ]


def _is_out_of_order(stored: StoredNotification, arrival: Arrival, plug_ins: Collection[str]) -> bool:
    """Whether a row that was understood is not, because its parser fails, is suspended or is not installed."""
    if stored.told_by is None or arrival.reading.outcome is not OutcomeKind.QUARANTINED:
        return False
    reason = arrival.reading.reason
    return reason in _FAULTS or (reason == NO_PARSER and stored.told_by in plug_ins)
