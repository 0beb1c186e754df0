"""Lines of a dump into the records of its current notification list, each a header and its entries.

Nothing in a dump is escaped. What saves the reader is the indentation: a field starts at one that its record uses,
and text that goes on over several lines goes on where the text says, mostly at column 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

MAX_RECORD_CHARS: Final = 256 * 1024

HEADER: Final = re.compile(r"[ \t]*NotificationRecord\(0x")
LIST_TITLE: Final = re.compile(r"[ \t]*(?:Current )?Notification List:\s*$|[ \t]*Current Notification Manager state:")
_OTHER_LIST: Final = re.compile(
    r"[ \t]*(?:(?:Enqueued Notification List|Lights List|Snoozed notifications)\s*:|mArchive=)"
)
_AFTER_LIST: Final = re.compile(r"[ \t]*(?:[a-z]\w*=|[A-Z][A-Za-z ]*:\s*$|DUMP OF SERVICE )")
_SECOND_LINE: Final = re.compile(r"[ \t]+uid=\d+ userId=-?\d+")
_FIELD: Final = re.compile(r"[ \t]*(?:[A-Za-z_][\w.$-]*=|\[\d+\] |\}\s*$|None\s*$)")
_EXTRA: Final = re.compile(r"[ \t]*[^\s=][^=]*=[\w$]*(?:\[\])*(?: [\[(].*)?$")
_ITEM: Final = re.compile(r"[ \t]*\[\d+\] ")
_OPENS_PARENTHESIS: Final = re.compile(r"[ \t]*[^\s=][^=]*=[\w$]* \(")
_DOTTED: Final = re.compile(r"[ \t]*[a-z]\w*\.[\w.]+=")
_OPENS_BUNDLE: Final = re.compile(r"[ \t]*\[\d+\] Bundle\[\{")


@dataclass(frozen=True, slots=True)
class Entry:
    """One field, extra or list item: its first line without the indentation, and the lines it goes on over."""

    indent: int
    text: str


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as printed; `flaw` says why it cannot be read, `is_last` that the file ends with it.

    `is_open` where the file ends inside one of its values.
    """

    line: int
    header: str
    entries: tuple[Entry, ...]
    flaw: str | None = None
    is_last: bool = False
    is_open: bool = False


def split_records(lines: Iterable[tuple[int, str]]) -> Iterator[RawRecord]:
    """Yield the records of every current list, in order; archive, queue and snoozed notifications are left out."""
    record: _RecordLines | None = None
    is_current = True
    for number, line, following in _with_following(lines):
        if HEADER.match(line) and is_current and (record is None or record.may_end_before(line, following)):
            if record:
                yield record.finished()
            record = _RecordLines(number, line)
        elif record is None:
            is_current = _is_current(line, before=is_current)
        elif record.is_followed_by(line):
            yield record.finished()
            record = None
            is_current = bool(LIST_TITLE.match(line))
        else:
            record.add(line)
    if record:
        yield record.finished(at_end=True)


def _is_current(line: str, *, before: bool) -> bool:
    if LIST_TITLE.match(line):
        return True
    return before and not _OTHER_LIST.match(line)


def _with_following(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, str]]:
    pending: tuple[int, str] | None = None
    for numbered in lines:
        if pending:
            yield *pending, numbered[1]
        pending = numbered
    if pending:
        yield *pending, ""


class _RecordLines:
    """A record while its lines come in: `_lines` is the entry under way, `_closing` what its value must end with."""

    def __init__(self, number: int, header: str) -> None:
        self._number = number
        self._indent = _indent(header)
        self._entries: list[Entry] = []
        self._chars = 0
        self._flaw: str | None = None
        self._extras_indent: int | None = None
        self._extra_indent: int | None = None
        self._begin_entry(header)

    def add(self, line: str) -> None:
        self._chars += len(line) + 1
        if self._chars > MAX_RECORD_CHARS:
            self._flaw = self._flaw or f"the record is longer than {MAX_RECORD_CHARS} characters"
            self._closing = ""
            self._extras_indent = self._extra_indent = None
        elif self._begins_entry(line):
            self._end_entry()
            self._begin_entry(line)
        else:
            self._lines.append(line)

    def may_end_before(self, header: str, following: str) -> bool:
        """Tell whether a header line begins the next record.

        Where text may stand (somebody quotes a dump), it does so only at the list's indentation with a record's second
        line after it; a value that is open there has lost its end.
        """
        if not self._is_within_words():
            return True
        if _indent(header) != self._indent or not _SECOND_LINE.match(following):
            return False
        if self._value_is_open():
            self._flaw = f"the value of {self._lines[0].strip().partition('=')[0][:80]} does not end"
        return True

    def is_followed_by(self, line: str) -> bool:
        """Tell whether a line belongs to what a dump prints after its list."""
        if self._is_within_words():
            return False
        is_outdented = _indent(line) == max(self._indent - 2, 0) or line.startswith(("DUMP OF SERVICE ", "Current "))
        return is_outdented and bool(_AFTER_LIST.match(line) or LIST_TITLE.match(line))

    def finished(self, *, at_end: bool = False) -> RawRecord:
        is_open = self._value_is_open() or self._extras_indent is not None
        self._end_entry()
        header, *entries = self._entries
        return RawRecord(self._number, header.text, tuple(entries), self._flaw, at_end, at_end and is_open)

    def _is_within_words(self) -> bool:
        is_ticker = self._lines[0].lstrip().startswith("tickerText=")
        return is_ticker or self._extras_indent is not None or self._value_is_open()

    def _value_is_open(self) -> bool:
        return bool(self._closing) and not self._lines[-1].endswith(self._closing)

    def _begin_entry(self, line: str) -> None:
        self._lines = [line]
        self._closing = self._closing_of(line)
        if line.strip() == "extras={":
            self._extras_indent, self._extra_indent = _indent(line), None
        elif line.strip() == "}":
            self._extras_indent = self._extra_indent = None
        elif self._extras_indent is not None and self._extra_indent is None:
            self._extra_indent = _indent(line)

    def _end_entry(self) -> None:
        text = "\n".join(self._lines)
        self._entries.append(Entry(_indent(text), text.lstrip(" \t")))

    def _begins_entry(self, line: str) -> bool:
        if self._value_is_open():
            return not self._entries and bool(_SECOND_LINE.match(line))
        if self._extras_indent is not None:
            return self._continues_extras(line, self._extras_indent)
        return bool(_FIELD.match(line)) and _indent(line) > self._indent

    def _continues_extras(self, line: str, extras_indent: int) -> bool:
        indent = _indent(line)
        if line.strip() == "}":
            return indent == extras_indent
        if _EXTRA.match(line):
            return indent == (self._extra_indent or indent) > extras_indent
        return bool(_ITEM.match(line)) and indent > (self._extra_indent or indent)

    def _closing_of(self, line: str) -> str:
        """Return what the value that begins on this line must end with, or nothing where that cannot be known."""
        if HEADER.match(line):
            return "" if "Notification(" in line else ")"
        if _OPENS_BUNDLE.match(line):
            return "}]"
        is_extra = self._extras_indent is not None or bool(_DOTTED.match(line))
        return ")" if is_extra and _OPENS_PARENTHESIS.match(line) else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
