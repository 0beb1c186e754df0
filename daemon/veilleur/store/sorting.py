"""Sorts a batch into what is new, what is a duplicate and what is dead, by the seqs and ids already held."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from msgspec import structs
from sqlalchemy import Connection, select, update

from veilleur.model.arrival import Arrival, DeadArrival, SeqPlace
from veilleur.store.among import among
from veilleur.store.devices import DeviceRow
from veilleur.store.places import EpochKey, lock_places
from veilleur.store.tables import dead_letters, lost_ranges, notifications
from veilleur_bridge.envelope import EventKind

SEQ_CONFLICT = "seq_conflict"
PlaceKey = tuple[int, str, int]


class Held(NamedTuple):
    """What the store holds at the places and ids of this batch; `lost_rows` are rows of `lost` events by place."""

    envelope_ids: dict[PlaceKey, str]
    lost_rows: dict[PlaceKey, int]
    dead_shas: dict[PlaceKey, bytes]
    imported_ids: set[tuple[int, str]]


class NewDead(NamedTuple):
    """A dead letter to store; `seq` None where its place is unknown or taken."""

    device: DeviceRow
    arrival: DeadArrival
    sha: bytes
    place: SeqPlace | None


class SortedBatch:
    """The batch as the commit writes it, in its order of arrival."""

    def __init__(self, connection: Connection, devices: dict[str, DeviceRow], now_ms: int) -> None:
        self.fresh: list[tuple[DeviceRow, Arrival]] = []
        self.dead: list[NewDead] = []
        self.recovered: list[PlaceKey] = []
        self.lost: list[tuple[int, str, int, int]] = []
        self.duplicates = 0
        self._buried = set[tuple[int, bytes]]()
        self._connection = connection
        self._devices = devices
        self._now_ms = now_ms

    def sort(self, batch: Sequence[Arrival | DeadArrival]) -> None:
        """Sort every delivery of the batch; locks the epochs that it names."""
        keys = [(self._devices[one.device].id, one.place.epoch) for one in batch if one.place]
        self.places = lock_places(self._connection, keys, self._now_ms)
        self._held = self._load_held(batch)
        for one in batch:
            device = self._devices[one.device]
            if isinstance(one, DeadArrival):
                self._sort_dead(device, one)
            elif one.place is None:
                self._sort_imported(device, one)
            else:
                self._sort_placed(device, one, one.place)

    def _sort_placed(self, device: DeviceRow, one: Arrival, place: SeqPlace) -> None:
        received, key = self.places[device.id, place.epoch], (device.id, place.epoch, place.seq)
        if one.event == EventKind.LOST:
            self._sort_lost(device, one, place)
        elif place.seq not in received:
            received.add(place.seq, place.seq)
            self._take(device, one, key)
        elif key in self._held.dead_shas:
            del self._held.dead_shas[key]
            self.recovered.append(key)
            self._take(device, one, key)
        elif key in self._held.lost_rows or (key not in self._held.envelope_ids and self._was_lost(key)):
            # What the device thought lost has turned up after all: it is no duplicate.
            self._displace_lost(key)
            self._take(device, one, key)
        elif self._held.envelope_ids.get(key, one.envelope_id) == one.envelope_id:
            self.duplicates += 1
        else:
            detail = f"seq {place.seq} of this epoch was already given to another envelope"
            self._sort_dead(device, _conflicting(one, detail))

    def _sort_lost(self, device: DeviceRow, one: Arrival, place: SeqPlace) -> None:
        """Close the range whatever is held of it; the row itself stands at its seq only while nobody else does."""
        received, key = self.places[device.id, place.epoch], (device.id, place.epoch, place.seq)
        if self._held.envelope_ids.get(key) == one.envelope_id:
            self.duplicates += 1
            return
        is_free = place.seq not in received
        received.add(place.seq, place.through_seq)
        self.lost.append((device.id, place.epoch, place.seq, place.through_seq))
        if is_free:
            self._held.lost_rows[key] = -len(self.fresh)
            self._take(device, one, key)
        else:
            self._sort_imported(device, structs.replace(one, place=None))

    def _take(self, device: DeviceRow, one: Arrival, key: PlaceKey) -> None:
        self._held.envelope_ids[key] = one.envelope_id
        self.fresh.append((device, one))

    def _displace_lost(self, key: PlaceKey) -> None:
        """Move the row of a `lost` event off its seq; a negative number is its place in this batch, 0 the first."""
        row = self._held.lost_rows.pop(key, None)
        if row is None:
            return
        # From now on it stands without a place, and is known by its id, should it come again in this batch.
        self._held.imported_ids.add((key[0], self._held.envelope_ids[key]))
        if row > 0:
            moved = update(notifications).where(notifications.c.id == row).values(epoch=None, seq=None)
            self._connection.execute(moved)
        else:
            device, one = self.fresh[-row]
            self.fresh[-row] = (device, structs.replace(one, place=None))

    def _was_lost(self, key: PlaceKey) -> bool:
        device_id, epoch, seq = key
        if any(lost[:2] == (device_id, epoch) and lost[2] <= seq <= lost[3] for lost in self.lost):
            return True
        covers = (lost_ranges.c.from_seq <= seq) & (lost_ranges.c.through_seq >= seq)
        of_epoch = (lost_ranges.c.device_id == device_id) & (lost_ranges.c.epoch == epoch)
        return self._connection.execute(select(lost_ranges.c.from_seq).where(of_epoch & covers)).first() is not None

    def _sort_imported(self, device: DeviceRow, one: Arrival) -> None:
        key = (device.id, one.envelope_id)
        if key in self._held.imported_ids:
            self.duplicates += 1
            return
        self._held.imported_ids.add(key)
        self.fresh.append((device, one))

    def _sort_dead(self, device: DeviceRow, one: DeadArrival) -> None:
        sha, place = sha256(one.payload).digest(), one.place
        if place is not None:
            received, key = self.places[device.id, place.epoch], (device.id, place.epoch, place.seq)
            if self._held.dead_shas.get(key) == sha:
                self.duplicates += 1
                return
            if place.seq not in received:
                received.add(place.seq, place.through_seq)
                self._held.dead_shas[key] = sha
                self._buried.add((device.id, sha))
                self.dead.append(NewDead(device, one, sha, place))
                return
        if self._is_buried(device, sha):
            self.duplicates += 1
        else:
            self.dead.append(NewDead(device, one, sha, None))

    def _load_held(self, batch: Sequence[Arrival | DeadArrival]) -> Held:
        taken: dict[EpochKey, list[int]] = {}
        imported: dict[int, list[str]] = {}
        for one in batch:
            device_id = self._devices[one.device].id
            if one.place is not None and one.place.seq in self.places[device_id, one.place.epoch]:
                taken.setdefault((device_id, one.place.epoch), []).append(one.place.seq)
            if isinstance(one, Arrival) and (one.place is None or one.event == EventKind.LOST):
                imported.setdefault(device_id, []).append(one.envelope_id)
        return Held(*self._at_places(taken), self._imported(imported))

    def _at_places(
        self, taken: dict[EpochKey, list[int]]
    ) -> tuple[dict[PlaceKey, str], dict[PlaceKey, int], dict[PlaceKey, bytes]]:
        ids: dict[PlaceKey, str] = {}
        lost: dict[PlaceKey, int] = {}
        shas: dict[PlaceKey, bytes] = {}
        for (device_id, epoch), seqs in taken.items():
            log, dead = notifications.c, dead_letters.c
            stored = (log.device_id == device_id) & (log.epoch == epoch) & among(self._connection, log.seq, seqs)
            rows = self._connection.execute(select(log.seq, log.envelope_id, log.event, log.id).where(stored))
            for seq, envelope_id, event, number in rows:
                ids[device_id, epoch, seq] = envelope_id
                if event == EventKind.LOST:
                    lost[device_id, epoch, seq] = number
            unread = (dead.device_id == device_id) & (dead.epoch == epoch) & among(self._connection, dead.seq, seqs)
            holding = select(dead.seq, dead.sha256).where(unread & dead.recovered_at.is_(None))
            for seq, sha in self._connection.execute(holding):
                shas[device_id, epoch, seq] = bytes(sha)
        return ids, lost, shas

    def _imported(self, wanted: dict[int, list[str]]) -> set[tuple[int, str]]:
        found: set[tuple[int, str]] = set()
        for device_id, ids in wanted.items():
            here = (notifications.c.device_id == device_id) & notifications.c.seq.is_(None)
            query = select(notifications.c.envelope_id).where(
                here & among(self._connection, notifications.c.envelope_id, ids)
            )
            found.update((device_id, held) for held in self._connection.execute(query).scalars())
        return found

    def _is_buried(self, device: DeviceRow, sha: bytes) -> bool:
        """Return whether these bytes lie among the device's dead letters, read since or not; they will from now on."""
        key = (device.id, sha)
        if key not in self._buried:
            dead = dead_letters.c
            same = (dead.device_id == device.id) & (dead.sha256 == sha)
            if self._connection.execute(select(dead.id).where(same)).first() is None:
                self._buried.add(key)
                return False
        return True


def _conflicting(one: Arrival, detail: str) -> DeadArrival:
    return DeadArrival(
        device=one.device,
        place=None,
        envelope_id=one.envelope_id,
        received_at_ms=one.received_at_ms,
        payload=one.payload,
        reason=SEQ_CONFLICT,
        detail=detail,
    )
