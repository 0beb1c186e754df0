"""Frames over a pipe: a length, then so many bytes."""

from __future__ import annotations

import struct
from io import FileIO
from typing import Final

LENGTH: Final = struct.Struct(">I")
"""What stands before each frame."""


def framed(body: bytes) -> bytes:
    """Return a body as a frame."""
    return LENGTH.pack(len(body)) + body


def write_frame(pipe: FileIO, frame: bytes | bytearray) -> None:
    """Send one frame whole; raises BrokenPipeError when nobody reads any more."""
    rest = memoryview(frame)
    while rest:
        rest = rest[pipe.write(rest) :]


def read_frame(pipe: FileIO) -> bytearray | None:
    """Return what the next frame holds, None at the end; raises EOFError when it ends inside a frame."""
    head = _read_whole(pipe, LENGTH.size)
    if not head:
        return None
    (length,) = LENGTH.unpack(head)
    return _read_whole(pipe, length)


def _read_whole(pipe: FileIO, size: int) -> bytearray:
    """Return so many bytes, or none where the pipe ends before the first."""
    read = bytearray(size)
    rest = memoryview(read)
    while rest:
        count = pipe.readinto(rest)
        if not count:
            if len(rest) == size:
                return bytearray()
            raise EOFError
        rest = rest[count:]
    return read
