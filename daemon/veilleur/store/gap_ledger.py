"""Keeps the gaps of every epoch in the coverage ledger: seqs missing, seqs lost, and what an epoch's end left open."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, String, case, cast, delete, func, literal_column, select

from veilleur.model.coverage import CoverageCause, GapKind, LostTally, MissingSpan, span_subject
from veilleur.store.coverage_rows import LedgerRow, write_rows
from veilleur.store.database import Database
from veilleur.store.instants import EARLIEST_MS, TOLERANCE_MS
from veilleur.store.tables import coverage_intervals, epochs, lost_ranges, notifications, received_intervals
from veilleur_bridge.envelope import EventKind

_UNSETTLED: Final = (GapKind.MISSING, GapKind.ENDED, GapKind.TAIL)
_ledger: Final = coverage_intervals.c
_log: Final = notifications.c
_plausible: Final = _log.captured_at.between(
    literal_column(str(EARLIEST_MS)), _log.received_at + literal_column(str(TOLERANCE_MS))
)
SEEN_AT: Final[ColumnElement[int]] = case((_plausible, _log.captured_at), else_=_log.received_at)
"""When a notification was captured by the device's clock, or received by ours where that is not plausible."""


class _Gap(Struct, frozen=True):
    """What of an epoch did not come: `through_seq` None for a tail, which ended at `ended_ms`."""

    device_id: int
    epoch: str
    from_seq: int
    through_seq: int | None
    kind: str
    ended_ms: int | None = None

    @property
    def key(self) -> tuple[int, str, str]:
        return self.device_id, span_subject(self.epoch, self.from_seq, self.through_seq), self.kind


class GapNews(Struct, frozen=True):
    """Whether a look changed the ledger's gaps, and what it found newly lost."""

    is_changed: bool
    lost: tuple[LostTally, ...]


class _LostHead(Struct):
    """What a `lost` envelope says of its reason."""

    reason: str | None = None


_LOST_HEADS: Final = msgspec.json.Decoder(_LostHead)


def missing_spans(database: Database) -> tuple[MissingSpan, ...]:
    """Return the seqs below what was received that have not come, of every epoch that is not over."""
    with database.reading() as connection:
        return tuple(_holes(connection, is_over=False))


def settle_gaps(database: Database, missing: Collection[MissingSpan]) -> GapNews:
    """Bring the ledger's gaps up to `missing` and to what was lost or left open; return what that changed.

    A gap whose seqs came after all was none, and goes; a lost one stays for ever. Times are those of the
    neighbours that were stored, as their device dated them.
    """
    with database.reading() as connection:
        wanted = {gap.key: gap for gap in (*_still(missing), *_left_open(connection))}
        held = _held(connection)
        gone = [row_id for key, row_id in held.items() if key not in wanted]
        found = [gap for key, gap in wanted.items() if key not in held]
        lost = list(_newly_lost(connection))
        ended = dict(_now_ended(connection))
        rows = [*(_row(connection, gap) for gap in (*found, *lost)), *ended.values()]
        gone += ended
    if gone or rows:
        with database.writing() as connection:
            connection.execute(delete(coverage_intervals).where(_ledger.id.in_(gone)))
            write_rows(connection, rows)
    return GapNews(bool(gone or rows), tuple(_lost_tallies(lost)))


def _lost_tallies(gaps: Collection[_Gap]) -> Iterator[LostTally]:
    for device_id in sorted({gap.device_id for gap in gaps}):
        own = [gap for gap in gaps if gap.device_id == device_id]
        count = sum((gap.through_seq or gap.from_seq) - gap.from_seq + 1 for gap in own)
        yield LostTally(device_id, count, tuple(sorted({gap.kind for gap in own})))


def _still(missing: Collection[MissingSpan]) -> Iterator[_Gap]:
    for span in missing:
        yield _Gap(span.device_id, span.epoch, span.from_seq, span.through_seq, GapKind.MISSING)


def _left_open(connection: Connection) -> Iterator[_Gap]:
    """Yield what epochs that are over left open: their holes, and the tail after the last seq that came."""
    for span in _holes(connection, is_over=True):
        yield _Gap(span.device_id, span.epoch, span.from_seq, span.through_seq, GapKind.ENDED)
    for epoch in connection.execute(_ended_epochs()).all():
        last = max(epoch.watermark, epoch.highest or 0)
        yield _Gap(epoch.device_id, epoch.epoch, last + 1, None, GapKind.TAIL, epoch.closed_at)


def _ended_epochs() -> Select[Any]:
    spans = received_intervals.c
    of_epoch = (spans.device_id == epochs.c.device_id) & (spans.epoch == epochs.c.epoch)
    highest = select(func.max(spans.through_seq)).where(of_epoch).correlate(epochs).scalar_subquery()
    columns = (epochs.c.device_id, epochs.c.epoch, epochs.c.watermark, epochs.c.closed_at, highest.label("highest"))
    return select(*columns).where(epochs.c.closed_at.is_not(None))


def _holes(connection: Connection, *, is_over: bool) -> Iterator[MissingSpan]:
    spans = received_intervals.c
    of_epoch = (spans.device_id == epochs.c.device_id) & (spans.epoch == epochs.c.epoch)
    columns = (epochs.c.device_id, epochs.c.epoch, epochs.c.watermark, spans.from_seq, spans.through_seq)
    query = (
        select(*columns)
        .select_from(received_intervals.join(epochs, of_epoch))
        .where(epochs.c.closed_at.is_not(None) if is_over else epochs.c.closed_at.is_(None))
        .order_by(spans.device_id, spans.epoch, spans.from_seq)
    )
    rows = connection.execute(query).all()
    for (device_id, epoch), received in groupby(rows, key=lambda row: (row.device_id, row.epoch)):
        below: int | None = None
        for span in received:
            below = span.watermark if below is None else below
            if span.from_seq > below + 1:
                yield MissingSpan(device_id, epoch, below + 1, span.from_seq - 1)
            below = span.through_seq


def _held(connection: Connection) -> dict[tuple[int, str, str], int]:
    query = _gap_rows().where(_ledger.detail.in_([kind.value for kind in _UNSETTLED]))
    return {(row.device_id, row.subject, row.detail): row.id for row in connection.execute(query)}


def _newly_lost(connection: Connection) -> Iterator[_Gap]:
    """Yield each range that is lost and not yet told so in the ledger."""
    lost = lost_ranges.c
    seqs = cast(lost.from_seq, String).concat("-").concat(cast(lost.through_seq, String))
    told = select(_ledger.id).where(
        (_ledger.device_id == lost.device_id)
        & (_ledger.cause == CoverageCause.GAP.value)
        & (_ledger.subject == lost.epoch.concat(":").concat(seqs))
        & _ledger.detail.not_in([kind.value for kind in _UNSETTLED])
    )
    for row in connection.execute(select(lost_ranges).where(~told.exists())).all():
        where = (_log.device_id == row.device_id) & (_log.epoch == row.epoch) & (_log.seq == row.from_seq)
        payload = connection.execute(select(_log.payload).where(where & (_log.event == EventKind.LOST.value))).scalar()
        reason = None if payload is None else _LOST_HEADS.decode(payload).reason
        yield _Gap(row.device_id, row.epoch, row.from_seq, row.through_seq, reason or GapKind.LOST)


def _now_ended(connection: Connection) -> Iterator[tuple[int, LedgerRow]]:
    """Yield the lost gaps without an end whose next neighbour has come since: the old row's id, and the row anew.

    Where nothing came before them either, the neighbour moves their beginning too: the old row would stand beside it.
    """
    for row in connection.execute(_gap_rows().where(_ledger.until.is_(None))).all():
        epoch, _, seqs = row.subject.rpartition(":")
        first, _, last = seqs.partition("-")
        gap = _Gap(row.device_id, epoch, int(first), int(last or first), row.detail)
        if _neighbour(connection, gap, above=int(last or first)) is not None:
            yield row.id, _row(connection, gap)


def _gap_rows() -> Select[Any]:
    columns = (_ledger.id, _ledger.device_id, _ledger.subject, _ledger.until, _ledger.detail)
    return select(*columns).where(_ledger.cause == CoverageCause.GAP.value)


def _row(connection: Connection, gap: _Gap) -> LedgerRow:
    before = _neighbour(connection, gap, below=gap.from_seq)
    after = gap.ended_ms if gap.through_seq is None else _neighbour(connection, gap, above=gap.through_seq)
    since = before if before is not None else _first_seen(connection, gap)
    return LedgerRow(
        device_id=gap.device_id,
        cause=CoverageCause.GAP,
        subject=gap.key[1],
        since_ms=since if after is None else min(since, after),
        until_ms=None if after is None else max(since, after),
        count=None if gap.through_seq is None else gap.through_seq - gap.from_seq + 1,
        detail=gap.kind,
    )


def _neighbour(connection: Connection, gap: _Gap, *, below: int | None = None, above: int | None = None) -> int | None:
    """Return when the nearest notification of the epoch below or above a seq was seen."""
    where = (_log.device_id == gap.device_id) & (_log.epoch == gap.epoch) & (_log.event != EventKind.LOST.value)
    where &= _log.seq < below if above is None else _log.seq > above
    order = _log.seq.desc() if above is None else _log.seq
    found: int | None = connection.execute(select(SEEN_AT).where(where).order_by(order).limit(1)).scalar()
    return found


def _first_seen(connection: Connection, gap: _Gap) -> int:
    where = (epochs.c.device_id == gap.device_id) & (epochs.c.epoch == gap.epoch)
    return int(connection.execute(select(epochs.c.first_seen_at).where(where)).scalar_one())
