"""A log file as a stream of deliveries, whatever its format, compression or encoding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Final, NoReturn, Self

from veilleur_bridge.delivery import Clock, LogItem, LogProblem
from veilleur_bridge.errors import LogEndedEarly, LogError
from veilleur_bridge.sources.dumpsys.reader import DUMPSYS
from veilleur_bridge.sources.jsonl import JSONL
from veilleur_bridge.sources.log_bytes import LogBytes
from veilleur_bridge.sources.log_format import NO_HINTS, ExportHints, FormatReader, LogContext, LogFormat
from veilleur_bridge.sources.telegram_export import TELEGRAM
from veilleur_bridge.sources.termux_list import TERMUX
from veilleur_bridge.sources.tiktok_export import TIKTOK
from veilleur_bridge.sources.whatsapp_export.reader import WHATSAPP

FORMATS: Final[tuple[FormatReader, ...]] = (DUMPSYS, JSONL, TERMUX, WHATSAPP, TELEGRAM, TIKTOK)
"""Every known format; the first that recognises a file reads it.

The dump is the first: a notification's words stand in it as lines of their own and may look like any other format,
while no line of a JSON log can begin as a dump's does.
"""

_SNIFFED_BYTES: Final = 1024 * 1024
_SNIFFED_LINES: Final = 100
_SNIFFED_LINE_BYTES: Final = 4096


class OpenLog:
    """A log being read: iterate `items` once, to its end or not, then close it (or use `with`)."""

    def __init__(self, log: LogBytes, reader: FormatReader, pieces: Iterator[bytes], context: LogContext) -> None:
        self._log = log
        self._context = context
        self.format = reader.format
        self.items: Iterator[LogItem] = self._items(reader, pieces)

    @property
    def total_bytes(self) -> int | None:
        """The file's size as it lies on disk, still compressed; None where it has none (a pipe)."""
        return self._log.total_bytes

    @property
    def bytes_read(self) -> int:
        """How many of `total_bytes` were read so far."""
        return self._log.bytes_read

    def close(self) -> None:
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _items(self, reader: FormatReader, pieces: Iterator[bytes]) -> Iterator[LogItem]:
        try:
            yield from reader.read(pieces, self._context)
        except LogEndedEarly as error:
            yield LogProblem(self._context.name, str(error), ended_early=True)


def open_log(  # noqa: PLR0913 - each may be what a log leaves open
    path: Path | None,
    *,
    format: LogFormat | None,  # noqa: A002 the flag's own name, `--format`
    device: str,
    clock: Clock,
    zone: tzinfo | None = None,
    hints: ExportHints = NO_HINTS,
) -> OpenLog:
    """Open a log (None: standard input) and tell its format from its first lines where none is given.

    `device` names the tablet of imported formats; `zone` is that of times written without one (default: this
    machine's), `hints` say what an exported chat leaves open. Raises `LogError` for a file that cannot be opened or is
    of no known format.
    """
    log = LogBytes(path)
    try:
        sniffed = _Sniffed(log.pieces(), _reader_of(format) if format else None)
        reader = sniffed.reader or _refuse(sniffed, log.name)
    except BaseException:
        log.close()
        raise
    context = LogContext(log.name, device, clock, zone, hints)
    return OpenLog(log, reader, sniffed.pieces(), context)


class _Sniffed:
    """The first pieces of a log, read until a format is recognised, and put back for its reader."""

    def __init__(self, pieces: Iterator[bytes], chosen: FormatReader | None) -> None:
        self._rest = pieces
        self._taken: list[bytes] = []
        self.ended_early: LogEndedEarly | None = None
        self.reader = chosen or self._recognised()

    def pieces(self) -> Iterator[bytes]:
        while self._taken:
            yield self._taken.pop(0)
        yield from self._rest

    def is_empty(self) -> bool:
        return not any(piece.strip() for piece in self._taken)

    def _recognised(self) -> FormatReader | None:
        size = 0
        try:
            for piece in self._rest:
                self._taken.append(piece)
                size += len(piece)
                lines = _first_lines(b"".join(self._taken))
                for reader in FORMATS:
                    if reader.recognises(lines):
                        return reader
                if size >= _SNIFFED_BYTES:
                    break
        except LogEndedEarly as error:
            self.ended_early = error
        return None


def _first_lines(content: bytes) -> Sequence[bytes]:
    lines = content.lstrip().split(b"\n", 4 * _SNIFFED_LINES)
    return [line[:_SNIFFED_LINE_BYTES] for line in lines if line.strip()][:_SNIFFED_LINES]


def _refuse(sniffed: _Sniffed, name: str) -> NoReturn:
    if sniffed.ended_early:
        raise LogError(f"{name}: {sniffed.ended_early}. Nothing of it could be read.") from sniffed.ended_early
    if sniffed.is_empty():
        raise LogError(f"{name} is empty: there is no notification in it.")
    known = "; ".join(f"{reader.format} ({reader.description})" for reader in FORMATS)
    raise LogError(f"{name} is of no known format. Known are {known}. If it is one of them, name it with --format.")


def _reader_of(wanted: LogFormat) -> FormatReader:
    return next(reader for reader in FORMATS if reader.format is wanted)
