"""The spool of one device: a folder of segments, from the append to the receipt that covers it."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Final

from veilleur_bridge.delivery import Clock
from veilleur_bridge.envelope import LostReason
from veilleur_bridge.errors import SpoolError
from veilleur_bridge.spool.contents import LostSpan, SpoolItem, SpoolRecord, SpoolState
from veilleur_bridge.spool.folder import lock_folder
from veilleur_bridge.spool.memory import SpoolMemory, load_memory, save_memory
from veilleur_bridge.spool.segment import Segment, Sync, find_segments, make_segment
from veilleur_bridge.wire.receipt import Receipt

DEFAULT_CAP_BYTES: Final = 256 * 1024 * 1024
LARGEST_SEGMENT_BYTES: Final = 4 * 1024 * 1024
SEGMENTS_UNDER_THE_CAP: Final = 8
READ_BYTES: Final = 1024 * 1024
EPOCH_BYTES: Final = 8
UNREADABLE_SUFFIX: Final = ".unreadable"
GONE: Final = {errno.EIO, errno.ENOENT}

_FIRST_SEQ: Final = attrgetter("first_seq")

MakeEnvelope = Callable[[str, int], bytes]


class Spool:
    """One folder, used by one process; every method may be called from any thread.

    An appended record is on disk when `append` returns, and stays until a receipt covers it or the cap drops it: past
    `cap_bytes` the oldest segment goes, and its seqs are answered for as lost (`cap`). Every seq below `next_seq`
    comes out of `read` as a record or in a LostSpan, whatever happened to the files. `epoch`, `first_seq`
    and `next_seq` are to be read only. A folder that holds segments keeps its epoch; an empty one gets a new epoch.
    """

    def __init__(
        self, folder: Path, *, clock: Clock, cap_bytes: int = DEFAULT_CAP_BYTES, sync: Sync = os.fsync
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._sync = sync
        self._cap_bytes = cap_bytes
        self._is_closed = False
        self._given_up: dict[int, LostReason] = {}
        self._access = threading.RLock()
        self.epoch = ""
        self.first_seq, self.next_seq = 1, 1
        self._memory = SpoolMemory()
        self._segments: list[Segment] = []
        self._lock_descriptor = lock_folder(folder)
        try:
            self._open()
        except OSError as error:
            os.close(self._lock_descriptor)
            raise SpoolError(f"the spool {folder} cannot be opened: {error.strerror}; give another folder") from error

    def append(self, make: MakeEnvelope) -> int:
        """Give out one seq to the envelope that `make(epoch, seq)` returns; it is on disk when this returns its seq."""
        return self.append_many([make])[0]

    def append_many(self, makers: Sequence[MakeEnvelope]) -> range:
        """Give out seqs to several envelopes, all or none on disk when this returns; raises SpoolError for none."""
        with self._access:
            if self._is_closed:
                raise SpoolError(f"the spool {self._folder} was closed: nothing more is taken")
            given = range(self.next_seq, self.next_seq + len(makers))
            payloads = [make(self.epoch, seq) for make, seq in zip(makers, given, strict=True)]
            if not payloads:
                return given
            try:
                self._make_room(sum(map(len, payloads)))
                self._active.append(payloads, given.start, int(self._clock().timestamp() * 1000))
            except OSError as error:
                raise SpoolError(f"the disk did not take a record of {self._folder}: {error.strerror}") from error
            self.next_seq = given.stop
            return given

    def read(self, from_seq: int, limit: int) -> list[SpoolItem]:
        """Return what stands at the seqs from `from_seq` on, in order and without holes; about `limit` of them."""
        with self._access:
            return list(self._read_piece(max(from_seq, 1), limit)) if from_seq < self.next_seq else []

    def trim(self, receipt: Receipt) -> None:
        """Delete what this receipt in force covers; a lower one of a new store keeps what is still there."""
        with self._access:
            self._memory = self._memory.with_receipt(receipt)
            self._settle_bounds()
            for seq in [seq for seq in self._given_up if seq <= receipt.through_seq]:
                del self._given_up[seq]
            if self._active.size_bytes > self._segment_bytes // 8:
                self._empty_if_receipted()
            self._delete_receipted()

    def give_up(self, seq: int, reason: LostReason) -> None:
        """Answer for a seq with `lost` from now on: nobody can read or will take its envelope."""
        with self._access:
            self._given_up[seq] = reason

    def skip_past(self, seq: int) -> None:
        """Never give out seqs up to this one: somebody has stored them already."""
        with self._access:
            if seq >= self.next_seq:
                self.next_seq = seq + 1
                self._begin_segment()

    def tidy(self) -> None:
        """Keep no receipted words in an idle spool, and write down the receipt in force; call it each minute or so."""
        with self._access:
            self._empty_if_receipted()
            self._save_memory()

    def set_cap(self, cap_bytes: int) -> None:
        """Take another cap from the next append on."""
        with self._access:
            self._cap_bytes = cap_bytes

    def state(self) -> SpoolState:
        """Return how full it is."""
        with self._access:
            return SpoolState(
                epoch=self.epoch,
                first_seq=self.first_seq,
                next_seq=self.next_seq,
                size_bytes=self._size_bytes(),
                cap_bytes=self._cap_bytes,
                oldest_at=self._oldest_at(),
                receipt=self._memory.receipt,
            )

    def close(self) -> None:
        """Release the folder."""
        with self._access:
            if self._is_closed:
                return
            self._is_closed = True
            self._save_memory()
            self._active.seal()
            os.close(self._lock_descriptor)

    @property
    def _active(self) -> Segment:
        return self._segments[-1]

    @property
    def _receipted_through(self) -> int:
        return 0 if self._memory.receipt is None else self._memory.receipt.through_seq

    def _open(self) -> None:
        segments = find_segments(self._folder, self._sync)
        remembered_epoch, memory = load_memory(self._folder)
        epochs = [segment.epoch for segment in reversed(segments) if segment.epoch is not None]
        epoch = next(iter(epochs), remembered_epoch if segments else None)
        self.epoch = epoch or secrets.token_hex(EPOCH_BYTES)
        self._memory = memory if remembered_epoch == self.epoch else SpoolMemory()
        self._segments = [segment for segment in segments if epoch and segment.epoch in {epoch, None}]
        for segment in segments:
            if segment not in self._segments:
                segment.path.rename(segment.path.with_suffix(UNREADABLE_SUFFIX))
        last = self._segments[-1] if self._segments else None
        known_next = max(self._memory.next_seq, self._receipted_through + 1)
        self.next_seq = known_next if last is None else max(last.seq_after(), known_next)
        if last is None or not last.is_whole() or last.seq_after() != self.next_seq:
            self._begin_segment()
        self._settle_bounds()
        self._delete_receipted()
        self._save_memory()

    def _settle_bounds(self) -> None:
        self.first_seq = max(self._segments[0].first_seq, min(self._receipted_through + 1, self.next_seq))

    def _read_piece(self, from_seq: int, limit: int) -> Iterator[SpoolItem]:
        if from_seq < self._segments[0].first_seq:
            yield self._memory.lost_at(from_seq, self._segments[0].first_seq)
            return
        at = bisect_right(self._segments, from_seq, key=_FIRST_SEQ)
        records, looked_through = self._records(self._segments[at - 1], from_seq, limit)
        if looked_through is None:
            looked_through = self._segments[at].first_seq - 1 if at < len(self._segments) else self.next_seq - 1
        for record in records:
            if record.seq > from_seq:
                yield LostSpan(from_seq, record.seq - 1, LostReason.CORRUPT)
            reason = self._given_up.get(record.seq)
            yield record if reason is None else LostSpan(record.seq, record.seq, reason)
            from_seq = record.seq + 1
        if from_seq <= looked_through:
            yield LostSpan(from_seq, looked_through, LostReason.CORRUPT)

    def _records(self, segment: Segment, from_seq: int, limit: int) -> tuple[list[SpoolRecord], int | None]:
        for other in self._segments[:-1]:
            if other is not segment:
                other.seal()
        try:
            return segment.read(from_seq, limit, READ_BYTES)
        except OSError as error:
            if error.errno not in GONE:
                raise SpoolError(f"the spool {self._folder} cannot be read: {error.strerror}") from error
            return [], None

    def _make_room(self, wanted_bytes: int) -> None:
        active = self._active
        is_full = not active.is_empty and active.size_bytes + wanted_bytes > self._segment_bytes
        if is_full or not active.is_whole():
            self._begin_segment()
        while self._size_bytes() + wanted_bytes > self._cap_bytes:
            if len(self._segments) == 1:
                if self._active.is_empty:
                    return
                self._begin_segment()
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        oldest, newer = self._segments[:2]
        from_seq = max(oldest.first_seq, self._receipted_through + 1)
        self._memory = self._memory.with_trim(min(self._receipted_through, newer.first_seq - 1))
        if from_seq < newer.first_seq:
            self._memory = self._memory.with_drop(from_seq, newer.first_seq - 1)
        self._remove(1)

    def _delete_receipted(self) -> None:
        covered = sum(newer.first_seq - 1 <= self._receipted_through for newer in self._segments[1:])
        if covered:
            self._memory = self._memory.with_trim(self._segments[covered].first_seq - 1)
            self._remove(covered)

    def _empty_if_receipted(self) -> None:
        if self.first_seq < self.next_seq or self._active.is_empty:
            return
        # a full disk takes no new segment: the words of this one wait for the next time
        with contextlib.suppress(OSError):
            self._begin_segment()
            self._delete_receipted()

    def _remove(self, count: int) -> None:
        self._save_memory()
        for segment in self._segments[:count]:
            segment.seal()
            segment.path.unlink(missing_ok=True)
        del self._segments[:count]
        self._settle_bounds()

    def _begin_segment(self) -> None:
        if self._segments:
            self._active.seal()
        begun = make_segment(self._folder, self.epoch, self.next_seq, self._sync)
        self._segments = [segment for segment in self._segments if segment.path != begun.path] + [begun]

    def _save_memory(self) -> None:
        self._memory = replace(self._memory, next_seq=self.next_seq)
        # a full disk must not keep us from deleting: what is not written down is answered for as `corrupt`
        with contextlib.suppress(OSError):
            save_memory(self._folder, self.epoch, self._memory)

    @property
    def _segment_bytes(self) -> int:
        return min(LARGEST_SEGMENT_BYTES, self._cap_bytes // SEGMENTS_UNDER_THE_CAP)

    def _size_bytes(self) -> int:
        return sum(segment.size_bytes for segment in self._segments)

    def _oldest_at(self) -> datetime | None:
        at = bisect_right(self._segments, self.first_seq, key=_FIRST_SEQ) - 1
        times = (frame.spooled_at_ms for frame in self._segments[at].frames() if frame.seq >= self.first_seq)
        oldest_ms = next(times, None)
        return None if oldest_ms is None else datetime.fromtimestamp(oldest_ms / 1000, UTC)
