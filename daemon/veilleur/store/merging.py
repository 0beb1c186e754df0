"""Merges sightings into mentions: one row per id, told by its earliest sighting, whatever came first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, Table, delete, select, update

from veilleur.model.arrival import Arrival, Sighting
from veilleur.model.identity import FoldId, MentionId, SlotId
from veilleur.model.kinds import AmendmentKind, ChangeKind
from veilleur.store.among import among
from veilleur.store.bulk import insert_rows
from veilleur.store.counters import Counter, take
from veilleur.store.edits import restate_edits
from veilleur.store.folds import refold
from veilleur.store.former import forget_former, note_former
from veilleur.store.mention_rows import COLUMNS, mention_row
from veilleur.store.order import free_orders
from veilleur.store.qualified import subject_of
from veilleur.store.saying import follow_mentions
from veilleur.store.tables import (
    amendments,
    changes,
    mention_handles,
    mention_hashtags,
    mention_links,
    mentions,
    notifications,
)
from veilleur.store.tallies import TOLD_BY, tally, tally_stored
from veilleur.store.twins import fold_of, note_exports
from veilleur.store.word_index import add_words, remove_words

TERMS: Final = (
    (mention_hashtags, "hashtag", "hashtags"),
    (mention_handles, "handle", "handles"),
    (mention_links, "link", "links"),
)
"""Each table of terms, its column, and the field of a sighting that fills it."""
# PostgreSQL's indexes take entries of 2,704 bytes at most, and a character has up to four.
_LONGEST_TERM: Final = 512
_TOLD: Final = tuple(map(COLUMNS.index, TOLD_BY))
Rank = tuple[int, str, int, str]


class Seen(Struct, frozen=True):
    """One sighting with the raw row that it comes from."""

    notification_id: int
    project: str
    arrival: Arrival
    sighting: Sighting

    @property
    def rank(self) -> Rank:
        """Return what decides which sighting tells: captured_at, epoch, seq, then the envelope's id."""
        place = self.arrival.place
        epoch, seq = (place.epoch, place.seq) if place else ("", 0)
        return self.arrival.captured_at_ms, epoch, seq, self.arrival.envelope_id

    @property
    def fold(self) -> FoldId | None:
        """Return the fold that its mention stands in."""
        return fold_of(self.arrival, self.sighting)

    @property
    def place_of_edits(self) -> SlotId | None:
        """Return the place in which the mention may be another that was edited; those without times have none."""
        is_told = self.arrival.reading.shows_edits and self.sighting.draft.occurred_at_ms is not None
        return self.sighting.slot if is_told else None


class Teller(Struct, frozen=True):
    """The raw row that tells a stored mention, whether it is still there, its rank, and the mention's fold."""

    notification_id: int
    is_row_kept: bool
    rank: Rank
    fold: str | None


Changes = dict[MentionId, ChangeKind]


def merge_sightings(connection: Connection, seen: Iterable[Seen]) -> Changes:
    """Insert new mentions, and rewrite those of which an earlier sighting came; return what changed."""
    earliest: dict[MentionId, Seen] = {}
    for one in seen:
        held = earliest.get(one.sighting.id)
        if held is None or one.rank < held.rank:
            earliest[one.sighting.id] = one
    told_at = captured_at_of_tellers(connection, list(earliest))
    fresh = [one for mention_id, one in earliest.items() if mention_id not in told_at]
    # Nearly all others were captured later than what tells them: only of the rest the whole rank is read.
    stored = [(one, told_at[mention_id]) for mention_id, one in earliest.items() if mention_id in told_at]
    rivals = [one for one, at_ms in stored if one.arrival.captured_at_ms <= at_ms]
    tellers = stored_tellers(connection, [one.sighting.id for one in rivals])
    earlier = [one for one in rivals if one.rank < tellers[one.sighting.id].rank]
    remove_mentions(connection, [one.sighting.id for one in earlier])
    # An earlier sighting may stand in another fold: those that it leaves choose anew whom they show.
    left = [tellers[one.sighting.id].fold for one in earlier]
    changed = insert_mentions(connection, fresh + earlier, left_folds=[fold for fold in left if fold])
    made = {one.sighting.id: ChangeKind.CREATED for one in fresh}
    rewritten = {one.sighting.id: ChangeKind.CHANGED for one in earlier}
    return dict.fromkeys(changed, ChangeKind.CHANGED) | rewritten | made


def insert_mentions(connection: Connection, seen: Sequence[Seen], *, left_folds: Sequence[str] = ()) -> list[MentionId]:
    """Insert mentions that are not there, with their terms and words; return other mentions that changed by it.

    `left_folds` are folds that one of them stood in before.
    """
    if not seen:
        return []
    note_exports(connection, [one.arrival for one in seen])
    orders = free_orders(connection, [one.sighting for one in seen])
    deleted = amended_slots(connection, [one.sighting.slot for one in seen if one.sighting.slot])
    folds = [one.fold for one in seen]
    rows = [
        mention_row(
            order,
            one.project,
            one.notification_id,
            one.arrival,
            one.sighting,
            fold=fold,
            is_deleted=one.sighting.slot in deleted,
        )
        for one, order, fold in zip(seen, orders, folds, strict=True)
    ]
    insert_rows(connection, mentions, COLUMNS, rows)
    subjects = {one.sighting.id: subject_of(one.sighting.id, fold) for one, fold in zip(seen, folds, strict=True)}
    follow_mentions(connection, subjects)
    forget_former(connection, [one.sighting.id for one in seen])
    placed = list(zip(orders, (one.sighting for one in seen), strict=True))
    for table, term, values in TERMS:
        terms = sorted((value, order) for order, sighting in placed for value in terms_of(sighting, values))
        insert_rows(connection, table, (term, "ord"), terms)
    add_words(connection, [(order, sighting.tokens) for order, sighting in placed])
    tally(connection, (tuple(row[at] for at in _TOLD) for row in rows))
    turned = refold(connection, [*left_folds, *filter(None, folds)])
    return turned + restate_edits(connection, {place for one in seen if (place := one.place_of_edits)})


def terms_of(sighting: Sighting, field: str) -> set[str]:
    """Return the terms of one field as they are indexed; of an endless one the first 512 characters."""
    return {value[:_LONGEST_TERM] for value in getattr(sighting, field)}


def remove_mentions(connection: Connection, mention_ids: Sequence[MentionId]) -> None:
    """Take mentions out with their terms and words."""
    if not mention_ids:
        return
    note_former(connection, mention_ids)
    found = select(mentions.c.ord).where(among(connection, mentions.c.id, mention_ids))
    orders = list(connection.execute(found).scalars())
    remove_words(connection, orders)
    tally_stored(connection, orders, -1)
    tables: list[Table] = [table for table, _, _ in TERMS]
    for table in (*tables, mentions):
        connection.execute(delete(table).where(among(connection, table.c.ord, orders)))


def amend(connection: Connection, noted: Sequence[tuple[str, str, int]]) -> list[MentionId]:
    """Keep (slot, kind, notification) amendments and apply them; return the mentions they changed."""
    if not noted:
        return []
    insert_rows(connection, amendments, ("slot_id", "kind", "notification_id"), noted, ignore=True)
    slots = sorted({slot for slot, kind, _ in noted if kind == AmendmentKind.DELETED})
    hit = among(connection, mentions.c.slot_id, slots) & mentions.c.deleted.is_(False)
    marking = update(mentions).where(hit).values(deleted=True).returning(mentions.c.id)
    return list(connection.execute(marking).scalars())


SAID: Final = "said"
"""How the feed keeps a change of what people and rules say of a mention, by nothing that came."""


def record_changes(connection: Connection, changed: Changes, *, is_replayed: bool) -> None:
    """Append to the change feed, in the order of the mapping."""
    _append(connection, [(mention_id, op.value) for mention_id, op in changed.items()], is_replayed=is_replayed)


def record_said(connection: Connection, mention_ids: Iterable[MentionId]) -> None:
    """Append to the change feed that something else is said of these mentions now."""
    _append(connection, [(mention_id, SAID) for mention_id in mention_ids], is_replayed=False)


def _append(connection: Connection, changed: Sequence[tuple[MentionId, str]], *, is_replayed: bool) -> None:
    numbers = take(connection, Counter.CHANGES, len(changed))
    rows = [(seq, mention_id, op, is_replayed) for seq, (mention_id, op) in zip(numbers, changed, strict=True)]
    insert_rows(connection, changes, ("seq", "mention_id", "op", "is_replayed"), rows)


def captured_at_of_tellers(connection: Connection, mention_ids: Collection[MentionId]) -> dict[MentionId, int]:
    """Return the capture time of the sighting that tells each of these mentions that is stored."""
    query = select(mentions.c.id, mentions.c.captured_at).where(among(connection, mentions.c.id, mention_ids))
    return {mention_id: captured_at for mention_id, captured_at in connection.execute(query).all()}  # noqa: C416 - no pairs, but rows


def stored_tellers(connection: Connection, mention_ids: Sequence[MentionId]) -> dict[MentionId, Teller]:
    """Return who tells each of these mentions that is stored."""
    if not mention_ids:
        return {}
    told, row = mentions.c, notifications.c
    query = (
        select(
            told.id, told.notification_id, told.captured_at, told.envelope_id, told.fold_id, row.id, row.epoch, row.seq
        )
        .outerjoin(notifications, row.id == told.notification_id)
        .where(among(connection, told.id, mention_ids))
    )
    return {
        mention_id: Teller(number, kept is not None, (captured_at, epoch or "", seq or 0, envelope_id), fold)
        for mention_id, number, captured_at, envelope_id, fold, kept, epoch, seq in connection.execute(query)
    }


def amended_slots(connection: Connection, slots: Sequence[str]) -> set[str | None]:
    """Return which of the slots hold a message that was deleted."""
    if not slots:
        return set()
    is_deletion = amendments.c.kind == AmendmentKind.DELETED.value
    query = select(amendments.c.slot_id).where(among(connection, amendments.c.slot_id, slots), is_deletion)
    return set(connection.execute(query).scalars())
