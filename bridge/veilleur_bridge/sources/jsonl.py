"""The project's own log: one envelope a line, handed on byte for byte; the codec judges it later.

Lines that were written out of a database say when they were received: replayed, they were received then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from veilleur_bridge.delivery import Delivery, LogItem, LogProblem
from veilleur_bridge.envelope import MAX_ENVELOPE_BYTES
from veilleur_bridge.sources.log_format import FormatReader, LogContext, LogFormat
from veilleur_bridge.sources.log_lines import line_batches
from veilleur_bridge.sources.stored_line import DEAD_START, MAX_LINE_BYTES, read_stored_line

_HEAD_BYTES: Final = 512
_STORED: Final = b'"received_at":"'
_OWN_FIELDS: Final = (b'"device"', b'"event"', b'"notification"', b'"captured_at"')


def recognise(lines: Sequence[bytes]) -> bool:
    """Tell whether any of the lines looks like the beginning of an envelope; some of them may be bad."""
    return any(_looks_like_an_envelope(line[:_HEAD_BYTES]) for line in lines)


def read(pieces: Iterator[bytes], context: LogContext) -> Iterator[LogItem]:
    """Yield every non-empty line as a delivery; one that is too long is a problem."""
    name = context.name
    number = 0
    for batch in line_batches(pieces, MAX_LINE_BYTES):
        now = context.clock()
        for number, line in enumerate(batch, number + 1):  # noqa: B020 the count goes on over the batches
            if line and not line.isspace():
                yield _delivered(line, now, f"{name}:{number}")


def _delivered(line: bytes, now: datetime, origin: str) -> Delivery | LogProblem:
    stored = read_stored_line(line) if _STORED in line else None
    if stored is not None:
        received_at = min(stored.received_at, now)
        return Delivery(stored.payload, received_at, origin, stored.dead_device, stored_changes=stored.changed)
    if len(line) > MAX_ENVELOPE_BYTES:
        return LogProblem(origin, f"the line is longer than {MAX_ENVELOPE_BYTES} bytes")
    return Delivery(line, now, origin)


def _looks_like_an_envelope(head: bytes) -> bool:
    begun = head.lstrip()
    is_envelope = begun.startswith(b"{") and b'"v"' in head and any(field in head for field in _OWN_FIELDS)
    return is_envelope or begun.startswith(DEAD_START)


JSONL: Final = FormatReader(LogFormat.VEILLEUR, "Veilleur's own log, one envelope a line", recognise, read)
