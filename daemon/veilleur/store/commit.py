"""The one commit: raw log, outcomes, mentions, dead letters, watermarks and changes of a batch, or nothing of it."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, update

from veilleur.model.arrival import Arrival, DeadArrival, Fate
from veilleur.model.kinds import ChangeKind, OutcomeKind
from veilleur.model.unpaired import UnpairedDevices
from veilleur.store.bulk import insert_rows
from veilleur.store.chains import Snapshot
from veilleur.store.counters import Counter, take
from veilleur.store.database import Database
from veilleur.store.dead import mark_recovered, to_be_told, without_unpaired, write_dead
from veilleur.store.devices import DeviceRow, known_devices, lock_devices
from veilleur.store.line_texts import LineTeller
from veilleur.store.merging import Changes, Seen, amend, merge_sightings, record_changes
from veilleur.store.parse_rates import count_wordings
from veilleur.store.places import save_places
from veilleur.store.refused import note_refused
from veilleur.store.repeated import told_whole
from veilleur.store.shortfalls import note_redacted
from veilleur.store.sorting import SortedBatch
from veilleur.store.tables import devices, lost_ranges, notifications, outcomes
from veilleur.store.undated import tell_undated

_NOTIFICATION_COLUMNS: Final = tuple(column.name for column in notifications.columns)
OUTCOME_COLUMNS: Final = tuple(column.name for column in outcomes.columns)
_LOST_COLUMNS: Final = tuple(column.name for column in lost_ranges.columns)


def commit_batch(  # noqa: PLR0913 - what is committed, and under which rules
    database: Database,
    batch: Sequence[Arrival | DeadArrival],
    *,
    now_ms: int,
    is_replayed: bool = False,
    unpaired: UnpairedDevices = UnpairedDevices.ACCEPT,
    teller: LineTeller | None = None,
) -> Fate:
    """Commit a batch once, however often it is given; return what became of each delivery.

    Without a `teller` what was shown without times is kept in the raw log alone, and so are repeated messages that
    nothing tells.

    Raises StoreBusy where nothing was written and the same call may succeed later.
    """
    if not batch:
        return Fate()
    with database.writing() as connection:
        known = known_devices(connection, (one.device for one in batch), now_ms)
        lock_devices(connection, known.values())
        taken = batch if unpaired is UnpairedDevices.ACCEPT else list(without_unpaired(known, batch))
        batch_sorted = SortedBatch(connection, known, now_ms)
        batch_sorted.sort(taken)
        fresh = told_whole(connection, batch_sorted.fresh, teller)
        ids = _write_notifications(connection, fresh, is_replayed=is_replayed)
        _write_outcomes(connection, ids, fresh)
        note_redacted(connection, ids, fresh)
        count_wordings(connection, ((device.project_id, one) for device, one in fresh))
        changed = _write_mentions(connection, ids, fresh, teller)
        record_changes(connection, changed, is_replayed=is_replayed)
        write_dead(connection, batch_sorted.dead)
        note_refused(connection, to_be_told(known, taken))
        insert_rows(connection, lost_ranges, _LOST_COLUMNS, batch_sorted.lost, ignore=True)
        mark_recovered(connection, batch_sorted.recovered, now_ms)
        save_places(connection, batch_sorted.places)
        _touch_devices(connection, known, batch)
    return _fate(batch_sorted, changed)


def _write_notifications(
    connection: Connection, fresh: Sequence[tuple[DeviceRow, Arrival]], *, is_replayed: bool
) -> range:
    ids = take(connection, Counter.NOTIFICATIONS, len(fresh))
    rows: list[tuple[Any, ...]] = []
    for number, (device, one) in zip(ids, fresh, strict=True):
        epoch, seq = (one.place.epoch, one.place.seq) if one.place else (None, None)
        rows.append(
            (
                number,
                device.project_id,
                device.id,
                epoch,
                seq,
                one.envelope_id,
                one.package,
                one.event,
                one.captured_at_ms,
                one.received_at_ms,
                sha256(one.payload).digest(),
                one.payload,
                " ".join(one.changed) or None,
                is_replayed,
            )
        )
    insert_rows(connection, notifications, _NOTIFICATION_COLUMNS, rows)
    return ids


def _write_outcomes(connection: Connection, ids: range, fresh: Sequence[tuple[DeviceRow, Arrival]]) -> None:
    rows = [outcome_row(number, one) for number, (_, one) in zip(ids, fresh, strict=True)]
    insert_rows(connection, outcomes, OUTCOME_COLUMNS, rows)


def outcome_row(notification_id: int, arrival: Arrival) -> tuple[Any, ...]:
    """Return the row of `outcomes` that one arrival's reading makes."""
    reading = arrival.reading
    mention_ids = " ".join(reading.mention_ids) or None
    about = (reading.outcome.value, reading.reason, reading.parser, reading.parser_version)
    return (notification_id, *about, reading.is_public, mention_ids)


def _write_mentions(
    connection: Connection, ids: range, fresh: Sequence[tuple[DeviceRow, Arrival]], teller: LineTeller | None
) -> Changes:
    numbered = list(zip(ids, fresh, strict=True))
    seen = [
        Seen(number, device.project_id, one, sighting)
        for number, (device, one) in numbered
        for sighting in one.reading.sightings
    ]
    noted = [
        (amendment.slot, amendment.kind.value, number)
        for number, (_, one) in numbered
        for amendment in one.reading.amendments
    ]
    changed = merge_sightings(connection, seen) if seen else {}
    amended = dict.fromkeys(amend(connection, noted), ChangeKind.CHANGED)
    if teller is None:
        return amended | changed
    shown = [
        Snapshot(number, device.project_id, one, one.reading.undated)
        for number, (device, one) in numbered
        if one.reading.undated is not None
    ]
    children = [one for one in seen if one.arrival.reading.group and one.sighting.id in changed]
    return amended | changed | tell_undated(connection, shown, children, teller)


def _touch_devices(connection: Connection, known: dict[str, DeviceRow], batch: Sequence[Arrival | DeadArrival]) -> None:
    latest = dict.fromkeys(known, 0)
    for one in batch:
        latest[one.device] = max(latest[one.device], one.received_at_ms)
    for device_id, at_ms in sorted((known[name].id, at_ms) for name, at_ms in latest.items()):
        is_later = devices.c.last_received_at.is_(None) | (devices.c.last_received_at < at_ms)
        marking = update(devices).where((devices.c.id == device_id) & is_later)
        connection.execute(marking.values(last_received_at=at_ms))


def _fate(batch: SortedBatch, changed: Changes) -> Fate:
    tally = Tally(one.reading.outcome for _, one in batch.fresh)
    return Fate(
        parsed=tally[OutcomeKind.PARSED],
        ignored=tally[OutcomeKind.IGNORED],
        quarantined=tally[OutcomeKind.QUARANTINED],
        dead=len(batch.dead),
        duplicate=batch.duplicates,
        new_mentions=sum(op is ChangeKind.CREATED for op in changed.values()),
    )
