"""Folds chains of snapshots: what each notification of a conversation without times was the first to show.

A chain goes on where it ended; what comes late is folded in from its place on, until what follows stands as it did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection

from veilleur.model.arrival import Arrival, ShownThread
from veilleur.model.outcome import UndatedThread
from veilleur.store.thread_rows import (
    MessageRow,
    SnapshotRow,
    messages_at,
    newest_snapshot,
    remove_snapshot,
    snapshot_before,
    snapshots_from,
    write_snapshots,
)
from veilleur.threads.windows import Step, Window, step, window_of

_ROWS_A_LOOK: Final = 64
Line = tuple[str, int, int]
_START: Final = Step(())


class Snapshot(Struct, frozen=True):
    """One notification that shows messages without times, and the raw row that it is; its lines are at hand."""

    notification_id: int
    project: str
    arrival: Arrival
    shown: ShownThread

    @property
    def window(self) -> Window:
        """Return how what it shows is known again."""
        return window_of(self.thread, is_fresh=self.shown.is_fresh, is_summary=self.shown.group is not None)

    @property
    def thread(self) -> UndatedThread:
        """Return what it shows, nothing where that was not read again."""
        return self.shown.thread or UndatedThread("", ())


class Told(Struct, frozen=True):
    """A message that a notification was the first to show, not yet numbered."""

    chain: str
    at: int
    line: int
    notification_id: int


class Refolded:
    """What folding changed: messages that are new, those that are gone, and where deletions were first shown."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.gone: list[MessageRow] = []
        self.deleted_at: dict[Line, int | None] = {}
        self.late_chains = set[str]()


def refold(connection: Connection, shown: Sequence[Snapshot], dropped: Iterable[SnapshotRow] = ()) -> Refolded:
    """Put snapshots into their chains, take the `dropped` ones out, and fold what follows from there."""
    refolded = Refolded()
    put: defaultdict[str, dict[int, Snapshot]] = defaultdict(dict)
    for one in shown:
        put[one.shown.chain].setdefault(one.shown.at, one)
    drops: defaultdict[str, dict[int, SnapshotRow]] = defaultdict(dict)
    for row in dropped:
        drops[row.chain][row.at] = row
    chains = sorted({*put, *drops})
    rows: list[SnapshotRow] = []
    for chain in chains:
        places = sorted({*put[chain], *drops[chain]})
        last = newest_snapshot(connection, chain)
        if last is None or last.at < places[0]:
            rows += _append(refolded, chain, last.step if last else _START, [put[chain][at] for at in places])
        else:
            refolded.late_chains.add(chain)
            _Late(connection, refolded, chain, put[chain], drops[chain]).fold(places)
    write_snapshots(connection, rows)
    return refolded


def _append(refolded: Refolded, chain: str, before: Step, shown: Sequence[Snapshot]) -> list[SnapshotRow]:
    rows: list[SnapshotRow] = []
    for one in shown:
        at, window = one.shown.at, one.window
        before = step(before, at, window)
        rows.append(SnapshotRow(chain, at, one.notification_id, window, before))
        refolded.told += [Told(chain, at, line, one.notification_id) for line in before.told_at(at)]
        refolded.deleted_at |= {(chain, *place): at for place in before.deleted}
    return rows


class _Late:
    """One chain into whose past something came, or out of which something went."""

    def __init__(
        self,
        connection: Connection,
        refolded: Refolded,
        chain: str,
        put: dict[int, Snapshot],
        dropped: dict[int, SnapshotRow],
    ) -> None:
        self._connection = connection
        self._refolded = refolded
        self._chain = chain
        self._put = put
        self._dropped = dropped

    def fold(self, places: Sequence[int]) -> None:
        """Fold from the first of these places on, and beyond the last until nothing changes any more."""
        first, last = places[0], places[-1]
        stored = snapshot_before(self._connection, self._chain, first)
        before = stored.step if stored else _START
        while True:
            rows = snapshots_from(self._connection, self._chain, first, _ROWS_A_LOOK)
            is_end = len(rows) < _ROWS_A_LOOK
            kept = {row.at: row for row in rows}
            end = last if is_end else rows[-1].at
            for at in sorted({*kept, *(place for place in places if first <= place <= max(end, first))}):
                before, is_settled = self._fold_one(before, at, kept.get(at))
                if is_settled and at > last:
                    return
            if is_end:
                return
            first = rows[-1].at + 1

    def _fold_one(self, before: Step, at: int, stored: SnapshotRow | None) -> tuple[Step, bool]:
        """Return how the window stands after one place, and whether it stood so before."""
        put = self._put.get(at)
        old = messages_at(self._connection, self._chain, at) if stored else []
        if stored is not None and at in self._dropped and put is None:
            remove_snapshot(self._connection, self._chain, at)
            self._refolded.gone += old
            self._undelete(stored)
            return before, False
        window = put.window if put else stored.window if stored else None
        number = put.notification_id if put else stored.notification_id if stored else 0
        if window is None:
            return before, False
        now = step(before, at, window)
        lines = now.told_at(at)
        stays = {row.line for row in old if put is None and row.line in lines}
        self._refolded.gone += [row for row in old if row.line not in stays]
        self._refolded.told += [Told(self._chain, at, line, number) for line in lines if line not in stays]
        # What follows may stand as it did, and then is not looked at again for where these are deleted.
        anew = [row for row in old if row.line not in stays and row.deleted_at is not None]
        self._refolded.deleted_at |= {(self._chain, at, row.line): row.deleted_at for row in anew}
        if stored is not None:
            self._undelete(stored)
        self._refolded.deleted_at |= {(self._chain, *place): at for place in now.deleted}
        if stored is None or stored.step != now or put is not None:
            remove_snapshot(self._connection, self._chain, at)
            write_snapshots(self._connection, [SnapshotRow(self._chain, at, number, window, now)])
        return now, stored is not None and put is None and stored.step == now

    def _undelete(self, stored: SnapshotRow) -> None:
        """Take back what a snapshot was the first to show as deleted, unless an earlier one does so now."""
        deleted_at = self._refolded.deleted_at
        for place in stored.step.deleted:
            if deleted_at.get((self._chain, *place), stored.at) == stored.at:
                deleted_at[(self._chain, *place)] = None
