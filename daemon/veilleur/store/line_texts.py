"""What the lines of notifications say, out of the batch at hand or, where that is needed, out of the raw log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct, structs
from sqlalchemy import Connection, select

from veilleur.model.arrival import Arrival, Sighting
from veilleur.model.identity import GroupId, MentionId, Owner, UndatedSlot, mention_id
from veilleur.model.outcome import Draft
from veilleur.store.among import among
from veilleur.store.chains import Snapshot
from veilleur.store.instants import from_ms
from veilleur.store.merging import Seen
from veilleur.store.tables import notifications
from veilleur.threads.windows import line_at, mark_of, shown_lines, words_at

_SEPARATOR = "\x1f"


class LineTeller(Protocol):
    """Reads stored notifications again, and makes mentions of their lines; what ingest gives the store for it."""

    def read_again(self, stored: Sequence[tuple[bytes, datetime]]) -> list[Arrival | None]: ...

    def sighting(self, arrival: Arrival, draft: Draft, owner: Owner, slot: UndatedSlot) -> Sighting: ...


class LineText(Struct, frozen=True):
    """One message as its line says it, its slot not yet numbered; `group` where a summary shows it, as `line`."""

    snapshot: Snapshot
    draft: Draft
    slot: UndatedSlot
    group: GroupId | None
    line: str

    @property
    def words_key(self) -> int:
        """Return what equal messages share: sender, words and day."""
        slot = self.slot
        return mark_of(_SEPARATOR.join((str(slot.day_ms), slot.sender, slot.words)))

    def numbered(self, ordinal: int) -> UndatedSlot:
        """Return the slot of the message that is so many-th among its equals."""
        return structs.replace(self.slot, ordinal=ordinal)

    def mention_id(self, ordinal: int) -> MentionId:
        """Return the id of the mention that it makes."""
        return mention_id(self.snapshot.shown.owner, self.numbered(ordinal))


class LineTexts:
    """The lines of the notifications at hand; others are read again when one of their lines is asked for."""

    def __init__(self, connection: Connection, shown: Iterable[Snapshot], teller: LineTeller) -> None:
        self._connection = connection
        self._snapshots: dict[int, Snapshot | None] = {one.notification_id: one for one in shown}
        self._teller = teller

    def load(self, notification_ids: Iterable[int]) -> None:
        """Read those of these notifications again that are not at hand and still kept."""
        missing = sorted(set(notification_ids).difference(self._snapshots))
        if not missing:
            return
        self._snapshots |= dict.fromkeys(missing)
        log = notifications.c
        query = select(log.id, log.project_id, log.payload, log.received_at)
        rows = self._connection.execute(query.where(among(self._connection, log.id, missing))).all()
        arrivals = self._teller.read_again([(bytes(row.payload), from_ms(row.received_at)) for row in rows])
        for row, arrival in zip(rows, arrivals, strict=True):
            shown = arrival.reading.undated if arrival else None
            if arrival is not None and shown is not None:
                self._snapshots[row.id] = Snapshot(row.id, row.project_id, arrival, shown)

    def text(self, notification_id: int, line: int) -> LineText | None:
        """Return what a line says, None where its notification is gone or is read otherwise by now."""
        snapshot = self._snapshots.get(notification_id)
        if snapshot is None:
            return None
        if line >= len(shown_lines(snapshot.thread)) and not snapshot.thread.grows:
            return None
        shown = line_at(snapshot.thread, line)
        if shown.draft is None:
            return None
        placed, slot = _placed(snapshot, shown.draft, line)
        return LineText(snapshot, placed, slot, snapshot.shown.group, shown.line or slot.words)

    def seen(self, text: LineText, ordinal: int) -> Seen:
        """Return the sighting that tells a numbered message."""
        one = text.snapshot
        sighting = self._teller.sighting(one.arrival, text.draft, one.shown.owner, text.numbered(ordinal))
        return Seen(one.notification_id, one.project, one.arrival, sighting)


def _placed(snapshot: Snapshot, draft: Draft, line: int) -> tuple[Draft, UndatedSlot]:
    """Return the draft and the slot of one line; of a text that grew, those of what it grew by."""
    slot, words = line_at(snapshot.thread, line).slot, words_at(snapshot.thread, line)
    if words != slot.words:
        draft = structs.replace(draft, body=words.strip())
    return draft, UndatedSlot(slot.conversation_key, slot.sender, words, snapshot.shown.day_ms)
