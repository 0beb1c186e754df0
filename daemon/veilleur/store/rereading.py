"""Rebuilds the projections from the raw log: same rows, same ids, whatever parser wrote them (DESIGN §1).

Three passes over one connection, a transaction a batch, so that a kill leaves a database that another run
completes: outcomes and the earliest sighting of each id; mentions that differ; mentions nobody tells any more.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite

from veilleur.model.arrival import Arrival
from veilleur.model.identity import MentionId
from veilleur.model.kinds import ChangeKind, OutcomeKind
from veilleur.model.outcome import UNKNOWN_WORDING
from veilleur.store.among import among
from veilleur.store.bulk import insert_rows
from veilleur.store.chains import Snapshot
from veilleur.store.commit import OUTCOME_COLUMNS, outcome_row
from veilleur.store.counters import Counter, hold
from veilleur.store.database import Database
from veilleur.store.edits import places_of_edits, restate_edits
from veilleur.store.folds import refold
from veilleur.store.instants import from_ms
from veilleur.store.line_texts import LineTeller
from veilleur.store.merging import (
    Changes,
    Seen,
    Teller,
    amended_slots,
    insert_mentions,
    record_changes,
    remove_mentions,
    stored_tellers,
)
from veilleur.store.parse_rates import RateKey, correct_unknown, rate_key
from veilleur.store.standing import differences, due_standing, stored_standings, sweep_strays
from veilleur.store.tables import amendments, devices, mentions, notifications, outcomes
from veilleur.store.tallies import are_tallies_sound, rebuild_tallies
from veilleur.store.thread_rows import SnapshotRow
from veilleur.store.undated import fold_undated, restate_outcomes, tell_undated, told_by
from veilleur.store.undated_rereading import differing_snapshots, fold_apart
from veilleur.store.undated_tables import undated_messages
from veilleur.store.word_index import is_index_sound, rebuild_index

_RANKED: Final = ("captured_at", "epoch", "seq", "envelope_id")

# The merge compares in Python, by code point; PostgreSQL would compare by its own language's rules.
_ByCodePoint: Final = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")

_earliest: Final = Table(
    "reread_earliest",
    MetaData(),
    Column("mention_id", String(32), primary_key=True),
    Column("notification_id", BigInteger, nullable=False),
    Column("captured_at", BigInteger, nullable=False),
    Column("epoch", _ByCodePoint, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("envelope_id", _ByCodePoint, nullable=False),
    prefixes=["TEMPORARY"],
)


class StoredNotification(Struct, frozen=True):
    """A raw row to be read again; `told_by` is the parser that understood it, None where none did."""

    id: int
    device: str
    project: str
    received_at: datetime
    payload: bytes
    told_by: str | None = None


class Which(StrEnum):
    """Which rows of the raw log are read again: all, or those whose words nobody knew."""

    EVERY = "every"
    UNKNOWN = "unknown"


class Untold(Struct, frozen=True):
    """A mention that the raw log no longer tells."""

    mention_id: MentionId
    notification_id: int
    kind: str
    platform: str
    pattern: str


class Reread(Struct, frozen=True):
    """A raw row and what this release reads in it."""

    stored: StoredNotification
    arrival: Arrival

    def seen(self) -> list[Seen]:
        """Return its sightings as the merge takes them."""
        one = self.arrival
        return [Seen(self.stored.id, self.stored.project, one, sighting) for sighting in one.reading.sightings]

    def children(self) -> list[Seen]:
        """Return its sightings where a summary may repeat them."""
        return self.seen() if self.arrival.reading.group else []

    def shown(self) -> list[Snapshot]:
        """Return what it shows without times, as the fold takes it."""
        undated = self.arrival.reading.undated
        return [Snapshot(self.stored.id, self.stored.project, self.arrival, undated)] if undated else []


class Changed(Struct, frozen=True):
    """A mention that should stand otherwise: its sighting, and each field with what it is and what it would be."""

    seen: Seen
    fields: dict[str, tuple[Any, Any]]


class Compared(Struct, frozen=True):
    """What a reparse would do with one batch."""

    added: list[Seen]
    changed: list[Changed]


class Rereading:
    """One run over the raw log as it stood at the beginning; what arrives meanwhile is already read anew."""

    def __init__(self, database: Database, connection: Connection, only: Which, teller: LineTeller) -> None:
        self._teller = teller
        self._database = database
        self._connection = connection
        self._only = only
        self._unread = set[int]()
        self._is_apart = False
        with connection.begin():
            _earliest.create(connection, checkfirst=False)
            self.last_id: int = connection.execute(select(func.coalesce(func.max(notifications.c.id), 0))).scalar_one()
            self._chosen = frozenset(self._choose()) if only is Which.UNKNOWN else None

    @property
    def total(self) -> int:
        """How many rows are read again; of the whole log, its last number."""
        return self.last_id if self._chosen is None else len(self._chosen)

    @property
    def unread(self) -> int:
        """How many rows could not be read again so far, and keep all that was told of them."""
        return len(self._unread)

    def mend(self) -> None:
        """Make sound what is written to: words that differ from those indexed would corrupt the index."""
        with self._connection.begin():
            if not is_index_sound(self._connection):
                rebuild_index(self._connection)
            if not are_tallies_sound(self._connection):
                rebuild_tallies(self._connection)
        sweep_strays(self._database, self._connection)

    def batches(self, size: int) -> Iterator[list[StoredNotification]]:
        """Yield the rows of the raw log that are read again, in the order they were stored."""
        if self._chosen is None:
            yield from self._spans(size)
        else:
            chosen = sorted(self._chosen)
            for start in range(0, len(chosen), size):
                yield self._load(notifications.c.id.in_(chosen[start : start + size]), size)

    def _choose(self) -> Iterator[int]:
        unknown = (outcomes.c.outcome == OutcomeKind.QUARANTINED.value) | (outcomes.c.reason == UNKNOWN_WORDING)
        yield from self._connection.execute(select(outcomes.c.notification_id).where(unknown)).scalars()

    def _load(self, where: ColumnElement[bool], size: int) -> list[StoredNotification]:
        log, is_understood = notifications.c, outcomes.c.outcome != OutcomeKind.QUARANTINED.value
        joined = notifications.join(devices, devices.c.id == log.device_id)
        joined = joined.outerjoin(outcomes, (outcomes.c.notification_id == log.id) & is_understood)
        columns = (log.id, devices.c.name, log.project_id, log.received_at, log.payload, outcomes.c.parser)
        query = select(*columns).select_from(joined).order_by(log.id).limit(size)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(where)).all()
        return [StoredNotification(row[0], row[1], row[2], from_ms(row[3]), bytes(row[4]), row[5]) for row in rows]

    def _spans(self, size: int) -> Iterator[list[StoredNotification]]:
        after = 0
        while rows := self._load((notifications.c.id > after) & (notifications.c.id <= self.last_id), size):
            yield rows
            after = rows[-1].id

    def look(self, stored: Sequence[StoredNotification], reread: Sequence[Reread]) -> None:
        """First pass of a comparison: remember who tells each mention first, and write nothing that stays."""
        self._unread.update({one.id for one in stored}.difference(one.stored.id for one in reread))
        with self._connection.begin():
            if not self._is_apart:
                fold_apart(self._connection)
                self._is_apart = True
            fold_undated(self._connection, *self._folding(reread))
            self._remember([seen for one in reread for seen in one.seen()])

    def compare(self, reread: Sequence[Reread]) -> Compared:
        """Second pass of a comparison: return what `rewrite` would insert, and what it would replace."""
        seen = {one.sighting.id: one for one in self._tellers(reread)}
        with self._connection.begin():
            added, differing = self._compared(seen)
            stored = stored_standings(self._connection, [one.sighting.id for one in differing])
            deleted = amended_slots(self._connection, [one.sighting.slot for one in differing if one.sighting.slot])
        changed = []
        for one in differing:
            due = due_standing(one, is_deleted=one.sighting.slot in deleted)
            changed.append(Changed(one, differences(stored[one.sighting.id], due)))
        return Compared(added, changed)

    def untold(self) -> list[Untold]:
        """Third pass of a comparison: return the mentions that `drop_untold` would take out."""
        columns = (mentions.c.id, mentions.c.notification_id, mentions.c.kind, mentions.c.platform, mentions.c.pattern)
        with self._connection.begin():
            rows = self._connection.execute(select(*columns).where(self._is_untold()).order_by(mentions.c.ord)).all()
        return [Untold(*row) for row in rows]

    def note(self, stored: Sequence[StoredNotification], reread: Sequence[Reread]) -> Changes:
        """First pass: write outcomes and amendments anew, and remember who tells each mention first.

        Conversations without times are folded anew where they are read otherwise; return what that changed.

        What of `stored` could not be reread keeps all that was told of it.
        """
        ids = [one.stored.id for one in reread]
        self._unread.update({one.id for one in stored}.difference(ids))
        with self._alone():
            correct_unknown(self._connection, self._corrections(reread))
            self._connection.execute(delete(outcomes).where(among(self._connection, outcomes.c.notification_id, ids)))
            rows = [outcome_row(one.stored.id, one.arrival) for one in reread]
            insert_rows(self._connection, outcomes, OUTCOME_COLUMNS, rows)
            self._connection.execute(
                delete(amendments).where(among(self._connection, amendments.c.notification_id, ids))
            )
            noted = [
                (amendment.slot, amendment.kind.value, one.stored.id)
                for one in reread
                for amendment in one.arrival.reading.amendments
            ]
            insert_rows(self._connection, amendments, ("slot_id", "kind", "notification_id"), noted, ignore=True)
            changed = tell_undated(self._connection, *self._folding(reread))
            restate_outcomes(self._connection, ids)
            record_changes(self._connection, changed, is_replayed=True)
            self._remember([seen for one in reread for seen in one.seen()])
        return changed

    def rewrite(self, reread: Sequence[Reread]) -> tuple[int, int]:
        """Second pass: insert what is missing and replace what differs; return how many of each."""
        seen = {one.sighting.id: one for one in self._tellers(reread)}
        with self._alone():
            added, differing = self._compared(seen)
            left = self._folds_of([one.sighting.id for one in differing])
            remove_mentions(self._connection, [one.sighting.id for one in differing])
            turned = insert_mentions(self._connection, added + differing)
            turned += refold(self._connection, left + [fold for one in seen.values() if (fold := one.fold)])
            changed = dict.fromkeys(turned, ChangeKind.CHANGED)
            changed |= {one.sighting.id: ChangeKind.CHANGED for one in differing}
            changed |= {one.sighting.id: ChangeKind.CREATED for one in added}
            record_changes(self._connection, changed, is_replayed=True)
        return len(added), len(differing)

    def drop_untold(self, size: int) -> int:
        """Third pass: take out mentions that the raw log no longer tells; return how many."""
        untold = self._is_untold()
        dropped = 0
        while True:
            with self._alone():
                ids = list(self._connection.execute(select(mentions.c.id).where(untold).limit(size)).scalars())
                left, places = self._folds_of(ids), places_of_edits(self._connection, ids)
                remove_mentions(self._connection, ids)
                turned = refold(self._connection, left) + restate_edits(self._connection, places)
                changed = dict.fromkeys(turned, ChangeKind.CHANGED)
                changed |= dict.fromkeys(ids, ChangeKind.ERASED)
                record_changes(self._connection, changed, is_replayed=True)
            if not ids:
                return dropped
            dropped += len(ids)

    def _is_untold(self) -> ColumnElement[bool]:
        told = select(_earliest.c.mention_id)
        undated = select(undated_messages.c.mention_id).where(undated_messages.c.is_withdrawn.is_(False))
        untold = (mentions.c.notification_id <= self.last_id) & mentions.c.id.not_in(told)
        untold &= mentions.c.id.not_in(undated)
        if self._chosen is not None:
            untold &= among(self._connection, mentions.c.notification_id, self._chosen)
        # A mention whose raw row has expired or was erased stays as it is.
        untold &= mentions.c.notification_id.in_(select(notifications.c.id))
        return untold & ~among(self._connection, mentions.c.notification_id, self._unread)

    def _corrections(self, reread: Sequence[Reread]) -> Tally[RateKey]:
        """Return by how much more or fewer wordings are unknown than was told."""
        ids = [one.stored.id for one in reread]
        query = select(outcomes.c.notification_id).where(
            among(self._connection, outcomes.c.notification_id, ids) & (outcomes.c.reason == UNKNOWN_WORDING)
        )
        before = set(self._connection.execute(query).scalars())
        corrections: Tally[RateKey] = Tally()
        for one in reread:
            key = rate_key(one.stored.project, one.arrival)
            more = (one.arrival.reading.reason == UNKNOWN_WORDING) - (one.stored.id in before)
            if key is not None and more:
                corrections[key] += more
        return corrections

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Begin a transaction that no commit runs beside: each takes this counter, and waits for whoever has it."""
        with self._connection.begin():
            hold(self._connection, Counter.NOTIFICATIONS)
            yield

    def _remember(self, seen: Sequence[Seen]) -> None:
        best: dict[MentionId, Seen] = {}
        for one in seen:
            held = best.get(one.sighting.id)
            if held is None or one.rank < held.rank:
                best[one.sighting.id] = one
        if not best:
            return
        insert = (sqlite if self._database.is_sqlite else postgresql).insert(_earliest)
        new, old = insert.excluded, _earliest.c
        is_earlier = tuple_(*(new[name] for name in _RANKED)) < tuple_(*(old[name] for name in _RANKED))
        values = {name: new[name] for name in ("notification_id", *_RANKED)}
        upsert = insert.on_conflict_do_update(index_elements=[old.mention_id], set_=values, where=is_earlier)
        names = ("mention_id", "notification_id", *_RANKED)
        rows = [dict(zip(names, (key, one.notification_id, *one.rank), strict=True)) for key, one in best.items()]
        self._connection.execute(upsert, rows)

    def _tellers(self, reread: Sequence[Reread]) -> list[Seen]:
        # What could not be read in the first pass was not noted there, even if it can be read by now.
        noted = [one for one in reread if one.stored.id not in self._unread]
        seen = [seen for one in noted for seen in one.seen()]
        shown = [shown for one in noted for shown in one.shown()]
        with self._connection.begin():
            undated = told_by(self._connection, shown, self._teller) if shown else []
            ids = sorted({one.sighting.id for one in seen})
            query = select(_earliest.c.mention_id, _earliest.c.notification_id)
            found = query.where(among(self._connection, _earliest.c.mention_id, ids))
            tellers = {tuple(row) for row in self._connection.execute(found)}
        return [one for one in seen if (one.sighting.id, one.notification_id) in tellers] + undated

    def _folding(self, reread: Sequence[Reread]) -> tuple[list[Snapshot], list[Seen], LineTeller, list[SnapshotRow]]:
        """Return what folding these anew takes: what is read otherwise now, and what is no longer shown."""
        shown = [shown for one in reread for shown in one.shown()]
        changed, gone = differing_snapshots(self._connection, shown, [one.stored.id for one in reread])
        return changed, [seen for one in reread for seen in one.children()], self._teller, gone

    def _compared(self, seen: dict[MentionId, Seen]) -> tuple[list[Seen], list[Seen]]:
        """Return the sightings whose mention is missing, and those whose mention stands otherwise than it should."""
        tellers = stored_tellers(self._connection, list(seen))
        standing = {key for key, one in tellers.items() if one.rank < seen[key].rank and self._is_beyond(one)}
        seen = {key: one for key, one in seen.items() if key not in standing}
        stored = stored_standings(self._connection, list(seen))
        deleted = amended_slots(self._connection, [one.sighting.slot for one in seen.values() if one.sighting.slot])
        due = {key: due_standing(one, is_deleted=one.sighting.slot in deleted) for key, one in seen.items()}
        differing = [key for key, standing in stored.items() if standing != due[key]]
        return [one for key, one in seen.items() if key not in stored], [seen[key] for key in differing]

    def _is_beyond(self, teller: Teller) -> bool:
        """Return whether this run knows nothing of the row that tells: it came since, is gone, or cannot be read."""
        number = teller.notification_id
        is_left_out = self._chosen is not None and number not in self._chosen
        return is_left_out or number > self.last_id or number in self._unread or not teller.is_row_kept

    def _folds_of(self, mention_ids: Sequence[MentionId]) -> list[str]:
        query = select(mentions.c.fold_id).where(
            among(self._connection, mentions.c.id, mention_ids) & mentions.c.fold_id.is_not(None)
        )
        return list(self._connection.execute(query).scalars())


@contextmanager
def rereading(database: Database, teller: LineTeller, only: Which = Which.EVERY) -> Iterator[Rereading]:
    """Yield a run over the raw log; its notes are of its connection and go with it."""
    with database.holding() as connection:
        connection.detach()
        yield Rereading(database, connection, only, teller)
