"""One file of the spool: records appended in seq order, read back by their checksums."""

from __future__ import annotations

import contextlib
import os
from bisect import bisect_left
from collections.abc import Callable, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Final

from veilleur_bridge.spool.contents import SpoolRecord
from veilleur_bridge.spool.folder import put_file
from veilleur_bridge.spool.framing import (
    SEGMENT_HEADER,
    Frame,
    find_frames,
    framed,
    read_segment_header,
    write_segment_header,
)

SUFFIX: Final = ".spool"

Sync = Callable[[int], None]

_SEQ_OF: Final = attrgetter("seq")


class Segment:
    """Records from `first_seq` on; `epoch` is None where the header is damaged. `sync` makes a file durable."""

    def __init__(self, path: Path, sync: Sync) -> None:
        self.path = path
        self._sync = sync
        self.first_seq = int(path.stem)
        self.size_bytes = path.stat().st_size
        self.epoch: str | None = None
        self._frames: list[Frame] | None = None
        self._descriptor: int | None = None
        with path.open("rb") as file:
            header = read_segment_header(file.read(SEGMENT_HEADER.size))
        if header is not None and header[1] == self.first_seq:
            self.epoch = header[0]

    @property
    def is_empty(self) -> bool:
        """True while it holds nothing but its header."""
        return self.size_bytes <= SEGMENT_HEADER.size

    def frames(self) -> list[Frame]:
        """Return where each record stands, in seq order; looked for once."""
        if self._frames is None:
            self._frames = list(find_frames(self.path.read_bytes(), SEGMENT_HEADER.size, self.first_seq - 1))
        return self._frames

    def is_whole(self) -> bool:
        """Tell whether it ends with a whole record, so that more can be appended."""
        frames = self.frames()
        return self.epoch is not None and self.size_bytes == (frames[-1].end if frames else SEGMENT_HEADER.size)

    def seq_after(self) -> int:
        """Return the seq that may follow; a torn record at the end may have been given one, so that is left out."""
        frames = self.frames()
        end = frames[-1].end if frames else SEGMENT_HEADER.size
        return (frames[-1].seq if frames else self.first_seq - 1) + (2 if self.size_bytes > end else 1)

    def read(self, from_seq: int, limit: int, most_bytes: int) -> tuple[list[SpoolRecord], int | None]:
        """Return the sound records among the next `limit` ones from a seq on, in about so many bytes.

        With them the last seq looked at, None where the segment holds no more.
        """
        frames = self.frames()
        at = bisect_left(frames, from_seq, key=_SEQ_OF)
        chosen = [frame for frame in frames[at : at + limit] if frame.end - frames[at].start <= most_bytes]
        chosen = chosen or frames[at : at + 1]
        if not chosen:
            return [], None
        base = chosen[0].start
        with self.path.open("rb") as file:
            file.seek(base)
            content = file.read(chosen[-1].end - base)
        found = ((frame.seq, frame.payload_in(content, base)) for frame in chosen)
        records = [SpoolRecord(seq, payload) for seq, payload in found if payload is not None]
        return records, None if chosen[-1] is frames[-1] else chosen[-1].seq

    def append(self, payloads: Sequence[bytes], first_seq: int, spooled_at_ms: int) -> None:
        """Write records and sync them. Raises OSError, and then none of them is there, or `is_whole` is false."""
        end, known = self.size_bytes, self.frames()
        content, frames = framed(payloads, first_seq, spooled_at_ms, end)
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        try:
            _write_all(self._descriptor, content)
            self._sync(self._descriptor)
        except OSError:
            self._take_back(self._descriptor, end)
            raise
        known.extend(frames)
        self.size_bytes = frames[-1].end

    def seal(self) -> None:
        """Append no more: give back the file and the memory."""
        self._frames = None
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _take_back(self, descriptor: int, end: int) -> None:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, end)
        self.size_bytes = self.path.stat().st_size


def make_segment(folder: Path, epoch: str, first_seq: int, sync: Sync) -> Segment:
    """Put an empty segment in the folder, durably. Raises OSError."""
    path = folder / f"{first_seq:016d}{SUFFIX}"
    put_file(path, write_segment_header(epoch, first_seq))
    return Segment(path, sync)


def find_segments(folder: Path, sync: Sync) -> list[Segment]:
    """Return the folder's segments in seq order. Raises OSError."""
    return [Segment(path, sync) for path in sorted(folder.glob(f"*{SUFFIX}")) if path.stem.isdecimal()]


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
