"""Pieces of bytes into lines, none of them endless, whatever the file holds."""

from __future__ import annotations

from collections.abc import Iterator

from veilleur_bridge.envelope import MAX_ENVELOPE_BYTES


def line_batches(pieces: Iterator[bytes], most_bytes: int = MAX_ENVELOPE_BYTES) -> Iterator[list[bytes]]:
    """Yield the lines of each piece together, without their ends (LF, CRLF, CRCRLF as old adb writes on Windows).

    A line of more than `most_bytes` comes cut, but still longer than that: its length says so.
    """
    start = b""
    for piece in pieces:
        lines = piece.split(b"\n")
        may_hold_cr = b"\r" in piece or start.endswith(b"\r")
        lines[0] = start + lines[0]
        start = lines.pop()[: most_bytes + 1]
        yield [line.rstrip(b"\r") for line in lines] if may_hold_cr else lines
    if start:
        yield [start.rstrip(b"\r")]


def text_lines(pieces: Iterator[bytes]) -> Iterator[tuple[int, str]]:
    """Yield each line as text with its number from 1; bytes that are no UTF-8 become U+FFFD."""
    number = 0
    for batch in line_batches(pieces):
        for number, line in enumerate(batch, number + 1):  # noqa: B020 the count goes on over the batches
            yield number, line.decode("utf-8", "replace")
