"""How the spool's files are written: a segment's header, and records that can be told from noise on their own.

All numbers are little-endian. A record's header has its own checksum, so that a flipped bit in a length is noticed
and the search for the next record begins at the next mark instead of at a place that the length invented.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from zlib import crc32

RECORD_MARK: Final = b"VsR\x1e"
RECORD_HEADER: Final = struct.Struct("<4sIQqII")  # mark, length, seq, spooled_at_ms, checksums of payload and header
SEGMENT_MARK: Final = b"VeilleurSpool\x01\r\n"
SEGMENT_HEADER: Final = struct.Struct("<16s64sQI")  # mark, epoch, first seq, checksum

_CHECKED_BYTES: Final = RECORD_HEADER.size - 4
_CHECKED_SEGMENT_BYTES: Final = SEGMENT_HEADER.size - 4


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a record stands; its payload is not checked yet."""

    seq: int
    spooled_at_ms: int
    start: int
    end: int
    payload_checksum: int

    def payload_in(self, content: bytes, base: int) -> bytes | None:
        """Return the payload out of a piece of the file that begins at `base`, or None where it is damaged."""
        payload = content[self.start - base + RECORD_HEADER.size : self.end - base]
        return payload if crc32(payload) == self.payload_checksum else None


def framed(payloads: Iterable[bytes], first_seq: int, spooled_at_ms: int, start: int) -> tuple[bytes, list[Frame]]:
    """Return records as the file will have them from byte `start` on, and where each will stand."""
    pieces: list[bytes] = []
    frames: list[Frame] = []
    for seq, payload in enumerate(payloads, first_seq):
        end = start + RECORD_HEADER.size + len(payload)
        frames.append(Frame(seq, spooled_at_ms, start, end, crc32(payload)))
        pieces += [_record_header(frames[-1], len(payload)), payload]
        start = end
    return b"".join(pieces), frames


def find_frames(content: bytes, start: int, after_seq: int) -> Iterator[Frame]:
    """Yield every whole record from `start` on whose seq is higher than the one before it; noise is stepped over."""
    at = start
    while True:
        frame = _frame_at(content, at)
        if frame is None or frame.seq <= after_seq:
            at = content.find(RECORD_MARK, at + 1)
            if at < 0:
                return
            continue
        yield frame
        after_seq, at = frame.seq, frame.end


def write_segment_header(epoch: str, first_seq: int) -> bytes:
    """Return the beginning of a segment."""
    checked = SEGMENT_HEADER.pack(SEGMENT_MARK, epoch.encode(), first_seq, 0)[:_CHECKED_SEGMENT_BYTES]
    return checked + crc32(checked).to_bytes(4, "little")


def read_segment_header(content: bytes) -> tuple[str, int] | None:
    """Return epoch and first seq, or None where the header is damaged."""
    if len(content) < SEGMENT_HEADER.size:
        return None
    mark, epoch, first_seq, checksum = SEGMENT_HEADER.unpack_from(content)
    if mark != SEGMENT_MARK or checksum != crc32(content[:_CHECKED_SEGMENT_BYTES]):
        return None
    return epoch.rstrip(b"\0").decode(), first_seq


def _record_header(frame: Frame, length: int) -> bytes:
    fields = (RECORD_MARK, length, frame.seq, frame.spooled_at_ms, frame.payload_checksum)
    checked = RECORD_HEADER.pack(*fields, 0)[:_CHECKED_BYTES]
    return checked + crc32(checked).to_bytes(4, "little")


def _frame_at(content: bytes, at: int) -> Frame | None:
    if at + RECORD_HEADER.size > len(content):
        return None
    mark, length, seq, spooled_at_ms, payload_checksum, checksum = RECORD_HEADER.unpack_from(content, at)
    end = at + RECORD_HEADER.size + length
    if mark != RECORD_MARK or end > len(content) or checksum != crc32(content[at : at + _CHECKED_BYTES]):
        return None
    return Frame(seq, spooled_at_ms, at, end, payload_checksum)
