"""The project's own log: one envelope a line, handed on byte for byte; the codec judges it later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from veilleur_bridge.delivery import Delivery, LogItem, LogProblem
from veilleur_bridge.envelope import MAX_ENVELOPE_BYTES
from veilleur_bridge.sources.log_format import FormatReader, LogContext, LogFormat
from veilleur_bridge.sources.log_lines import line_batches

_HEAD_BYTES: Final = 512
_OWN_FIELDS: Final = (b'"device"', b'"event"', b'"notification"', b'"captured_at"')


def recognise(lines: Sequence[bytes]) -> bool:
    """Tell whether any of the lines looks like the beginning of an envelope; some of them may be bad."""
    return any(_looks_like_an_envelope(line[:_HEAD_BYTES]) for line in lines)


def read(pieces: Iterator[bytes], context: LogContext) -> Iterator[LogItem]:
    """Yield every non-empty line as a delivery; one that is too long is a problem."""
    name = context.name
    number = 0
    for batch in line_batches(pieces):
        received_at = context.clock()
        for number, line in enumerate(batch, number + 1):  # noqa: B020 the count goes on over the batches
            if not line or line.isspace():
                continue
            if len(line) > MAX_ENVELOPE_BYTES:
                yield LogProblem(f"{name}:{number}", f"the line is longer than {MAX_ENVELOPE_BYTES} bytes")
            else:
                yield Delivery(line, received_at, f"{name}:{number}")


def _looks_like_an_envelope(head: bytes) -> bool:
    return head.lstrip().startswith(b"{") and b'"v"' in head and any(field in head for field in _OWN_FIELDS)


JSONL: Final = FormatReader(LogFormat.VEILLEUR, "Veilleur's own log, one envelope a line", recognise, read)
