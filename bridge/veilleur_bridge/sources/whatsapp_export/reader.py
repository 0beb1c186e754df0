"""The format `whatsapp`: one envelope for each message of an exported chat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Final

from veilleur_bridge.delivery import LogItem, LogNote, LogProblem
from veilleur_bridge.envelope import MAX_ENVELOPE_BYTES, Message, Notification
from veilleur_bridge.errors import LogEndedEarly, LogError
from veilleur_bridge.export_package import ExportPackage
from veilleur_bridge.sources.equal_messages import EqualMessages
from veilleur_bridge.sources.imported import imported_delivery
from veilleur_bridge.sources.local_clock import LocalClock, zone_name
from veilleur_bridge.sources.log_format import DateOrder, FormatReader, LogContext, LogFormat
from veilleur_bridge.sources.log_lines import text_lines
from veilleur_bridge.sources.raw_notification import RawNotification
from veilleur_bridge.sources.whatsapp_export import clock_words
from veilleur_bridge.sources.whatsapp_export.cut_end import is_cut_head, lacks_sender
from veilleur_bridge.sources.whatsapp_export.dates import read_date
from veilleur_bridge.sources.whatsapp_export.heads import Head, read_head, split_sender
from veilleur_bridge.sources.whatsapp_export.survey import Survey, is_head_of

_IN_MEMORY_BYTES: Final = 16 * 1024 * 1024
_MOST_BYTES: Final = 2 * 1024**3
_READ_BYTES: Final = 256 * 1024
_ORDER_WORDS: Final = {
    DateOrder.DAY_MONTH_YEAR: "day, month, year",
    DateOrder.MONTH_DAY_YEAR: "month, day, year",
    DateOrder.YEAR_MONTH_DAY: "year, month, day",
    DateOrder.YEAR_DAY_MONTH: "year, day, month",
}


def recognise(lines: Sequence[bytes]) -> bool:
    """Tell whether any of the lines begins as a message of an export does."""
    return any(read_head(line.decode("utf-8", "replace").rstrip("\r")) for line in lines)


def read(pieces: Iterator[bytes], context: LogContext) -> Iterator[LogItem]:
    """Yield a delivery for each message, after a first look at the whole file for what it says once or nowhere.

    Raises LogError where the order of its dates cannot be told, and where it cannot be kept between the two looks.
    """
    try:
        with SpooledTemporaryFile(_IN_MEMORY_BYTES) as kept:
            yield from _read_twice(pieces, kept, context)
    except OSError as error:
        raise LogError(
            f"{context.name}: the temporary folder does not take it: {error.strerror or error}. Make room there, or set"
            " TMPDIR to a folder that has it."
        ) from error


def _read_twice(pieces: Iterator[bytes], kept: IO[bytes], context: LogContext) -> Iterator[LogItem]:
    survey = Survey(context, context.clock().date())
    ended: LogEndedEarly | None = None
    try:
        for _, line in text_lines(copied(pieces, kept, context.name)):
            survey.take(line)
    except LogEndedEarly as error:
        ended = error
    # Where the file could not be read to its end, what it ends with was not taken as a line yet.
    last_line = survey.line_count + (ended is not None)
    chat = _Chat(survey, context, cut_line=last_line if _is_open(kept) else None)
    kept.seek(0)
    yield from chat.notes()
    yield from chat.items(text_lines(iter(lambda: kept.read(_READ_BYTES), b"")))
    if ended:
        raise ended


def _is_open(kept: IO[bytes]) -> bool:
    """Whether nothing ends the last line."""
    size = kept.tell()
    kept.seek(max(0, size - 1))
    return kept.read(1) not in (b"", b"\n", b"\r")


def copied(pieces: Iterator[bytes], kept: IO[bytes], name: str) -> Iterator[bytes]:
    """Yield the pieces and write each; raise LogError at more than any chat holds, before it fills the disk."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > _MOST_BYTES:
            raise LogError(f"{name}: it unpacks to more than {_MOST_BYTES} bytes, which no exported chat does.")
        kept.write(piece)
        yield piece


class _Chat:
    """One export being read: the message under way, and which equal ones stood before it.

    `cut_line` is the number of the last line where nothing ends it: it may be the beginning of a message's head.
    """

    def __init__(self, survey: Survey, context: LogContext, *, cut_line: int | None) -> None:
        self._context = context
        self._cut_line = cut_line
        self._order = survey.date_order()
        self._is_bracketed = survey.is_bracketed
        self._title = survey.title()
        self._is_group = survey.is_group()
        self._clock = LocalClock(context.zone)
        self._equal = EqualMessages()
        self._head: Head | None = None
        self._head_written = ""
        self._line = 0
        self._words: list[str] = []
        self._size = 0

    def notes(self) -> Iterator[LogNote]:
        """Say how the file is read where it leaves that open."""
        name, zone = self._context.name, zone_name(self._context.zone)
        order = _ORDER_WORDS[self._order]
        yield LogNote(name, f"its dates are read as {order}, its times as those of {zone} (--date-order, --zone)")
        if self._title is None:
            yield LogNote(name, 'its name tells no conversation: --conversation "Title" matches what was captured live')

    def items(self, lines: Iterator[tuple[int, str]]) -> Iterator[LogItem]:
        """Yield what each message becomes, and a problem for each line that belongs to none."""
        for number, line in lines:
            head = read_head(line)
            if number == self._cut_line and self._head is not None and self._is_cut(line, head, self._head):
                yield from self._finished()
                self._head = None
                yield self._problem(
                    number, "truncated: the file ends before who wrote, or within the date: export it again"
                )
            elif head is not None and is_head_of(head, is_bracketed=self._is_bracketed):
                yield from self._finished()
                self._head, self._line, self._words, self._size = head, number, [], 0
                self._head_written = line.removesuffix(head.rest)
            elif self._head is not None:
                self._go_on(line)
            elif line.strip():
                yield self._problem(number, "it stands before the first message, or its date was cut off")
            if "\ufffd" in line:
                yield LogNote(f"{self._context.name}:{number}", "bytes that are no UTF-8 are kept as \ufffd")
        yield from self._finished()

    def _is_cut(self, line: str, head: Head | None, before: Head) -> bool:
        if head is None:
            return is_cut_head(line, self._head_written, before.words, self._order)
        return is_head_of(head, is_bracketed=self._is_bracketed) and lacks_sender(head)

    def _go_on(self, line: str) -> None:
        if self._size <= MAX_ENVELOPE_BYTES:
            self._words.append(line)
            self._size += len(line) + 1

    def _finished(self) -> Iterator[LogItem]:
        if self._head is None:
            return
        on = read_date(self._head.date, self._order)
        at = clock_words.read_time(*self._head.clock, self._head.words)
        at_ms = self._clock.at_ms(datetime.combine(on, at)) if on and at is not None else None
        if at_ms is None:
            written = "/".join(map(str, self._head.date))
            yield self._problem(self._line, f"{written} is no date, or its time none (--date-order {self._order})")
            return
        sender, text = split_sender(self._head.rest)
        notification = self._notification(at_ms, sender, "\n".join((text, *self._words)).rstrip("\n"))
        found = RawNotification(f"{self._context.name}:{self._line}", ExportPackage.WHATSAPP, None, notification)
        yield imported_delivery(found, LogFormat.WHATSAPP, self._context)

    def _notification(self, at_ms: int, sender: str | None, text: str) -> Notification:
        ordinal = self._equal.ordinal((at_ms, sender, text))
        return Notification(
            key=f"{self._title or self._context.name}|{at_ms}|{ordinal}",
            id=ordinal,
            tag=None if self._title else self._context.name,
            when_ms=at_ms,
            posted_at_ms=at_ms,
            conversation_title=self._title,
            is_group_conversation=self._is_group,
            self_name=self._context.hints.own_name,
            messages=(Message(at_ms=at_ms, sender=sender, text=text),) if sender else None,
            text=None if sender else text,
        )

    def _problem(self, line: int, reason: str) -> LogProblem:
        return LogProblem(f"{self._context.name}:{line}", reason)


WHATSAPP: Final = FormatReader(LogFormat.WHATSAPP, "a chat exported by WhatsApp, .txt or .zip", recognise, read)
