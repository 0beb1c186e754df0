"""Messages without times, inside the commit: found by the fold, told as mentions, and taken back where it must be.

All of it happens under the locks of the devices whose conversations these are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, delete, select, update

from veilleur.model.identity import MentionId, undated_slot_id
from veilleur.model.kinds import AmendmentKind, ChangeKind
from veilleur.store.among import among
from veilleur.store.bulk import insert_rows
from veilleur.store.chains import Line, Snapshot, refold
from veilleur.store.group_words import forget_candidates, note_said
from veilleur.store.line_texts import LineTeller, LineTexts
from veilleur.store.merging import Changes, Rank, Seen, insert_mentions, remove_mentions, stored_tellers
from veilleur.store.numbering import Found, number
from veilleur.store.summaries import said_by, settled_by, to_be_folded
from veilleur.store.tables import amendments, mentions, notifications, outcomes
from veilleur.store.thread_rows import MessageRow, SnapshotRow, messages_in, messages_of
from veilleur.store.undated_tables import undated_messages

_BY_FOLD: Final = 0
"""The notification of an amendment that no single one tells: the fold does, out of all of them."""
_DELETED: Final = AmendmentKind.DELETED.value


class Folded(Struct, frozen=True):
    """What folding changed: messages as they were and as they are, and whose deletions may stand otherwise."""

    touched: Sequence[MessageRow]
    amended_ids: Collection[MentionId]
    texts: LineTexts

    @property
    def mention_ids(self) -> set[MentionId]:
        """Return the mentions that may be told otherwise."""
        return {row.mention_id for row in self.touched}


def fold_undated(
    connection: Connection,
    shown: Sequence[Snapshot],
    children: Iterable[Seen],
    teller: LineTeller,
    dropped: Sequence[SnapshotRow] = (),
) -> Folded:
    """Fold what was shown without times into its conversations; mentions are not touched.

    `children` are messages that a summary of their group may repeat; `dropped` is no longer read as it was.
    """
    said_now = said_by(children, shown)
    withdrawn = note_said(connection, said_now)
    settled = settled_by(connection, messages_of(connection, withdrawn)) if withdrawn else ()
    due = to_be_folded(connection, shown, said_now, teller)
    refolded = refold(connection, due, [*dropped, *settled])
    texts = LineTexts(connection, due, teller)
    texts.load(one.notification_id for one in refolded.told)
    lines = [(one, texts.text(one.notification_id, one.line)) for one in refolded.told]
    found = [Found(told, text) for told, text in lines if text is not None]
    touched = number(connection, refolded, found) + messages_of(connection, withdrawn)
    marked = _mark_deleted(connection, refolded.deleted_at)
    moved = {row.mention_id for row in touched} if refolded.late_chains else set[MentionId]()
    return Folded(touched, marked | moved, texts)


def tell_undated(
    connection: Connection,
    shown: Sequence[Snapshot],
    children: Sequence[Seen],
    teller: LineTeller,
    dropped: Sequence[SnapshotRow] = (),
) -> Changes:
    """Fold what was shown without times, and return the mentions that changed by it."""
    if not (shown or children or dropped):
        return {}
    folded = fold_undated(connection, shown, children, teller, dropped)
    changed = _restate_deletions(connection, folded.amended_ids)
    changed |= _retell(connection, folded.mention_ids, folded.texts)
    restate_outcomes(connection, {row.notification_id for row in folded.touched}, folded.mention_ids)
    return changed


def told_by(connection: Connection, shown: Sequence[Snapshot], teller: LineTeller) -> list[Seen]:
    """Return the sightings of the messages that these notifications tell: no other showed them earlier."""
    numbers = {one.notification_id for one in shown}
    texts = LineTexts(connection, shown, teller)
    mention_ids = {row.mention_id for row in messages_in(connection, numbers)}
    rows = [row for _, row in tellers(connection, mention_ids).values() if row.notification_id in numbers]
    lines = [(row, texts.text(row.notification_id, row.line)) for row in rows]
    return [texts.seen(text, row.ordinal) for row, text in lines if text is not None]


def tellers(connection: Connection, mention_ids: Collection[MentionId]) -> dict[MentionId, tuple[Rank, MessageRow]]:
    """Return the earliest sighting of each of these mentions that a kept notification shows."""
    rows = [row for row in messages_of(connection, mention_ids) if not row.is_withdrawn]
    ranks = _ranks(connection, {row.notification_id for row in rows})
    best: dict[MentionId, tuple[Rank, MessageRow]] = {}
    for row in rows:
        rank = ranks.get(row.notification_id)
        if rank is not None and (row.mention_id not in best or rank < best[row.mention_id][0]):
            best[row.mention_id] = (rank, row)
    return best


def _retell(connection: Connection, mention_ids: Collection[MentionId], texts: LineTexts) -> Changes:
    """Make mentions stand as their messages say: told by the earliest, or not at all."""
    if not mention_ids:
        return {}
    stored, best = stored_tellers(connection, list(mention_ids)), tellers(connection, mention_ids)
    standing = {row.mention_id for row in messages_of(connection, mention_ids) if not row.is_withdrawn}
    erased = [one for one in stored if one not in standing]
    due: list[MessageRow] = []
    for one, (rank, row) in best.items():
        held = stored.get(one)
        is_beyond = held is not None and not held.is_row_kept and held.rank < rank
        if not is_beyond and (held is None or held.notification_id != row.notification_id):
            due.append(row)
    due.sort(key=lambda row: (row.notification_id, row.line))
    texts.load(row.notification_id for row in due)
    lines = [(row, texts.text(row.notification_id, row.line)) for row in due]
    seen = [texts.seen(text, row.ordinal) for row, text in lines if text is not None]
    remove_mentions(connection, [*erased, *(one.sighting.id for one in seen if one.sighting.id in stored)])
    forget_candidates(connection, erased)
    insert_mentions(connection, seen)
    changed: Changes = dict.fromkeys(erased, ChangeKind.ERASED)
    for told in (one.sighting.id for one in seen):
        changed[told] = ChangeKind.CHANGED if told in stored else ChangeKind.CREATED
    return changed


def _mark_deleted(connection: Connection, deleted_at: Mapping[Line, int | None]) -> set[MentionId]:
    """Write where messages were first shown as deleted; return whose."""
    found, marked = undated_messages.c, set[MentionId]()
    for (chain, at, line), place in deleted_at.items():
        here = (found.chain_id == chain) & (found.at == at) & (found.line == line)
        marking = update(undated_messages).where(here).values(deleted_at=place)
        marked.update(connection.execute(marking.returning(found.mention_id)).scalars())
    return marked


def _restate_deletions(connection: Connection, mention_ids: Collection[MentionId]) -> Changes:
    """Let these mentions stand as deleted where one of their messages is, and only there."""
    if not mention_ids:
        return {}
    slots = {undated_slot_id(one) for one in mention_ids}
    rows = messages_of(connection, mention_ids)
    deleted = {undated_slot_id(row.mention_id) for row in rows if row.deleted_at is not None}
    noted = amendments.c
    connection.execute(
        delete(amendments).where(among(connection, noted.slot_id, slots) & (noted.notification_id == _BY_FOLD))
    )
    amending = [(slot, _DELETED, _BY_FOLD) for slot in sorted(deleted)]
    insert_rows(connection, amendments, ("slot_id", "kind", "notification_id"), amending)
    turned: list[MentionId] = []
    for is_deleted, some in ((True, deleted), (False, slots - deleted)):
        hit = among(connection, mentions.c.slot_id, some) & (mentions.c.deleted.is_(not is_deleted))
        marking = update(mentions).where(hit).values(deleted=is_deleted).returning(mentions.c.id)
        turned += connection.execute(marking).scalars()
    return dict.fromkeys(turned, ChangeKind.CHANGED)


def restate_outcomes(
    connection: Connection, notification_ids: Collection[int], changed_ids: Collection[MentionId] = ()
) -> None:
    """Let outcomes name the messages that their notifications were the first to show."""
    if not notification_ids:
        return
    told: defaultdict[int, list[str]] = defaultdict(list)
    for message in messages_in(connection, notification_ids):
        if not message.is_withdrawn:
            told[message.notification_id].append(message.mention_id)
    stated = select(outcomes.c.notification_id, outcomes.c.mention_ids)
    here = among(connection, outcomes.c.notification_id, notification_ids)
    for row in connection.execute(stated.where(here)).all():
        now_told = told[row.notification_id]
        others = [one for one in (row.mention_ids or "").split() if one not in changed_ids and one not in now_told]
        now = " ".join((*others, *now_told)) or None
        if now != row.mention_ids:
            is_row = outcomes.c.notification_id == row.notification_id
            connection.execute(update(outcomes).where(is_row).values(mention_ids=now))


def _ranks(connection: Connection, notification_ids: Collection[int]) -> dict[int, Rank]:
    log = notifications.c
    query = select(log.id, log.captured_at, log.epoch, log.seq, log.envelope_id)
    rows = connection.execute(query.where(among(connection, log.id, notification_ids)))
    return {row.id: (row.captured_at, row.epoch or "", row.seq or 0, row.envelope_id) for row in rows}
