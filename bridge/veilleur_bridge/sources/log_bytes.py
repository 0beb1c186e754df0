"""A log file's bytes: opened, unpacked by their magic number, turned into UTF-8, in pieces of bounded size."""

from __future__ import annotations

import codecs
import os
import re
import stat
import sys
import zlib
from collections.abc import Iterator
from io import BufferedReader, UnsupportedOperation
from pathlib import Path
from typing import Final, cast

import zstandard

from veilleur_bridge.errors import LogEndedEarly, LogError
from veilleur_bridge.sources.zip_member import zip_member_pieces

PIECE_BYTES: Final = 256 * 1024
_GZIP_MAGIC: Final = b"\x1f\x8b"
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_ZIP_HEAD: Final = re.compile(rb"PK\x03\x04[\n-?]\0")  # APPNOTE 4.3.7: the mark, then the version that is needed
_LONGEST_MARK: Final = 6
# A zstd block of four bytes may unpack to 128 KiB, and its decoder takes no limit: only small bites bound its output
# (256 bytes: 40 MiB for a gigabyte of one letter, and no slower than 1024).
_ZSTD_BITE_BYTES: Final = 256
_ZSTD_MAX_WINDOW_BYTES: Final = 128 * 1024 * 1024
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class LogBytes:
    """One opened log; `bytes_read` and `total_bytes` count the file as it lies on disk (total None for a pipe)."""

    def __init__(self, path: Path | None) -> None:
        self.name = "stdin" if path is None else path.name
        self._is_ours = path is not None
        self._file = cast("BufferedReader", sys.stdin.buffer) if path is None else _open(path)
        self.total_bytes = _size(self._file)
        self.bytes_read = 0

    def pieces(self) -> Iterator[bytes]:
        """Yield the content as UTF-8, once; raise `LogEndedEarly` where it stops before its end."""
        head, whole = _with_head(self._raw_pieces())
        if _ZIP_HEAD.match(head) and self._file.seekable():
            whole = self._zipped()
        yield from _as_utf8(_unpacked(whole))

    def close(self) -> None:
        if self._is_ours:
            self._file.close()

    def _zipped(self) -> Iterator[bytes]:
        for piece in zip_member_pieces(self._file):
            self.bytes_read = self._file.tell()
            yield piece

    def _raw_pieces(self) -> Iterator[bytes]:
        while True:
            try:
                piece = self._file.read1(PIECE_BYTES)
            except OSError as error:
                raise LogEndedEarly(f"it could not be read any further: {error.strerror or error}") from error
            if not piece:
                return
            self.bytes_read += len(piece)
            yield piece


def _open(path: Path) -> BufferedReader:
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise LogError(f"{path}: no such file.") from error
    except IsADirectoryError as error:
        raise LogError(f"{path} is a folder: name the files in it ({path}/*).") from error
    except OSError as error:
        raise LogError(f"{path} cannot be opened: {error.strerror or error}.") from error


def _size(file: BufferedReader) -> int | None:
    try:
        status = os.fstat(file.fileno())
    except UnsupportedOperation:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _with_head(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= _LONGEST_MARK:
            break
    return head, _chain(head, pieces)


def _chain(head: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from pieces


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    head, whole = _with_head(pieces)
    if head.startswith(_GZIP_MAGIC):
        return _gunzipped(whole)
    if head.startswith(_ZSTD_MAGIC):
        return _unzstded(whole)
    return whole


def _gunzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack any number of gzip members, as `cat a.gz b.gz` makes them (RFC 1952, 2.2)."""
    member = None
    try:
        for piece in pieces:
            packed = piece
            while packed:
                member = member or zlib.decompressobj(wbits=31)
                yield member.decompress(packed, PIECE_BYTES)
                packed = member.unconsumed_tail
                if member.eof:
                    packed = member.unused_data.lstrip(b"\0")
                    member = None
    except zlib.error as error:
        raise LogEndedEarly("its gzip data is damaged from here on") from error
    if member and not member.eof:
        raise LogEndedEarly("its gzip data is cut off: the file was not copied or written whole")


def _unzstded(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack any number of zstd frames (RFC 8878, 3.1)."""
    unpacker = zstandard.ZstdDecompressor(max_window_size=_ZSTD_MAX_WINDOW_BYTES)
    frame = None
    try:
        for piece in pieces:
            for start in range(0, len(piece), _ZSTD_BITE_BYTES):
                packed = piece[start : start + _ZSTD_BITE_BYTES]
                while packed:
                    frame = frame or unpacker.decompressobj()
                    yield frame.decompress(packed)
                    packed = b""
                    if frame.eof:
                        packed = frame.unused_data
                        frame = None
    except zstandard.ZstdError as error:
        raise LogEndedEarly("its zstd data is damaged from here on") from error
    if frame:
        raise LogEndedEarly("its zstd data is cut off: the file was not copied or written whole")


def _as_utf8(pieces: Iterator[bytes]) -> Iterator[bytes]:
    head, whole = _with_head(pieces)
    if head.startswith(_UTF16_MARKS):
        return _from_utf16(whole)
    if head.startswith(codecs.BOM_UTF8):
        return _chain(head.removeprefix(codecs.BOM_UTF8), pieces)
    return whole


def _from_utf16(pieces: Iterator[bytes]) -> Iterator[bytes]:
    # A lone surrogate is passed on: whoever reads that one line refuses it, and the rest of the file goes on.
    decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8", "surrogatepass")
    if decoder.getstate()[0]:
        raise LogEndedEarly("it ends in the middle of a character")
