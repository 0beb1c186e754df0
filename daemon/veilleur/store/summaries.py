"""Which summaries are folded: those that show what no child of their group says; of nearly all, children say it all.

What is left out depends on the whole log alone, not on what came first: a child that comes late takes the summaries out
of their chain that then show nothing of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from sqlalchemy import Connection

from veilleur.store.chains import Snapshot
from veilleur.store.group_words import already_said, said
from veilleur.store.instants import from_ms
from veilleur.store.line_texts import LineTeller
from veilleur.store.merging import Seen
from veilleur.store.thread_rows import MessageRow, SnapshotRow, messages_among, snapshots_from
from veilleur.threads.windows import NO_MESSAGE, Held

_ROWS_A_LOOK: Final = 16


def said_by(children: Iterable[Seen], shown: Iterable[Snapshot]) -> set[int]:
    """Return the keys of what these children say: messages with times, and lines without."""
    keys = {key for one in children for key in said(one.arrival, one.sighting.draft.identity)}
    lines = ((one.arrival, line) for one in shown if one.arrival.reading.group for line in one.thread.lines)
    return keys | {key for arrival, line in lines if line.draft is not None for key in said(arrival, line.slot)}


def to_be_folded(
    connection: Connection, shown: Sequence[Snapshot], said_now: Collection[int], teller: LineTeller
) -> list[Snapshot]:
    """Leave out the summaries that show nothing of their own; of the others read the lines again."""
    known = set(said_now)
    open_ids = (ids for one in shown for ids in one.shown.repeats if known.isdisjoint(ids))
    known |= already_said(connection, {key for ids in open_ids for key in ids})
    due = [one for one in shown if one.shown.must_fold or any(known.isdisjoint(ids) for ids in one.shown.repeats)]
    wordless = [one for one in due if one.shown.thread is None]
    again = teller.read_again([(one.arrival.payload, from_ms(one.arrival.received_at_ms)) for one in wordless])
    worded = {
        one.notification_id: Snapshot(one.notification_id, one.project, arrival, arrival.reading.undated)
        for one, arrival in zip(wordless, again, strict=True)
        if arrival is not None and arrival.reading.undated is not None
    }
    return [worded.get(one.notification_id, one) for one in due]


def settled_by(connection: Connection, withdrawn: Sequence[MessageRow]) -> list[SnapshotRow]:
    """Return the stored summaries that show nothing of their own once these messages are withdrawn."""
    first: dict[str, int] = {}
    for row in withdrawn:
        first[row.chain] = min(row.at, first.get(row.chain, row.at))
    places = {(row.chain, row.at, row.line) for row in withdrawn}
    return [row for chain, at in sorted(first.items()) for row in _settled(connection, chain, at, places)]


def _settled(
    connection: Connection, chain: str, at: int, withdrawn: Collection[tuple[str, int, int]]
) -> Iterator[SnapshotRow]:
    last = max(place[1] for place in withdrawn if place[0] == chain)
    while rows := snapshots_from(connection, chain, at, _ROWS_A_LOOK):
        told_at = {held.at for row in rows for held in row.step.held}
        told = messages_among(connection, chain, told_at)
        settled = {(one.at, one.line) for one in told if one.is_withdrawn}
        for row in rows:
            is_holding, is_past = (
                any((chain, held.at, held.line) in withdrawn for held in some)
                for some in (row.step.held, row.step.past)
            )
            if row.at > last and not (is_holding or is_past):
                return
            if is_holding and not row.window.is_fresh and all(_is_settled(held, settled) for held in row.step.held):
                yield row
        at = rows[-1].at + 1


def _is_settled(held: Held, settled: Collection[tuple[int, int]]) -> bool:
    if held.line == NO_MESSAGE:
        return not held.mark.is_message
    return (held.at, held.line) in settled
