"""The list that `termux-notification-list` prints: a JSON array, with times in the tablet's own zone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final

from veilleur_bridge.delivery import LogItem, LogProblem
from veilleur_bridge.envelope import MAX_ENVELOPE_BYTES, Notification
from veilleur_bridge.sources.imported import imported_delivery
from veilleur_bridge.sources.log_format import FormatReader, LogContext, LogFormat
from veilleur_bridge.sources.raw_notification import RawNotification

_PLAUSIBLE_YEARS: Final = range(2008, 2101)
_USER: Final = re.compile(r"(-?\d{1,9})\|")
_EMPTY_LISTS: Final = re.compile(rb"(?:\s*\[\s*\])+\s*")
_SIGN: Final = re.compile(rb'[{}\[\]"\\\n]')


def recognise(lines: Sequence[bytes]) -> bool:
    """Tell whether the text begins as JSON and names a package as only this list does; `[]` is an empty list."""
    text = b"\n".join(lines).lstrip()
    return bool(_EMPTY_LISTS.fullmatch(text)) or (text[:1] in (b"[", b"{") and b'"packageName"' in text)


def read(pieces: Iterator[bytes], context: LogContext) -> Iterator[LogItem]:
    """Yield a delivery for each object, of one list or of several one after the other."""
    for found in read_list(pieces, context.name, context.zone):
        yield found if isinstance(found, LogProblem) else imported_delivery(found, LogFormat.TERMUX, context)


def read_list(pieces: Iterator[bytes], name: str, zone: tzinfo | None) -> Iterator[RawNotification | LogProblem]:
    """Yield each object's notification, or the problem with it; `name` begins every origin, `zone` is the tablet's."""
    objects = _ObjectCutter()
    for piece in pieces:
        for printed in objects.take(piece):
            yield _read_object(printed, f"{name}:{printed.line}", zone)
    if objects.is_unfinished:
        yield LogProblem(f"{name}:{objects.line}", "the list ends before its closing bracket", ended_early=True)


@dataclass(frozen=True, slots=True)
class _PrintedObject:
    line: int
    content: bytes


class _ObjectCutter:
    """Cuts lists into their objects while they come in; of one that is longer than an envelope only the front is kept.

    Two rules keep a fault within its object: no JSON string goes on over a line end, and no object stands in another.
    """

    def __init__(self) -> None:
        self.line = 1
        self._first_line = 1
        self._offset = 0
        self._escaped_offset = -1
        self._open_lists = 0
        self._is_in_string = False
        self._content: bytearray | None = None

    @property
    def is_unfinished(self) -> bool:
        return self._content is not None or self._open_lists > 0

    def take(self, piece: bytes) -> Iterator[_PrintedObject]:
        kept = 0
        for match in _SIGN.finditer(piece):
            sign, at = match[0], match.start()
            if not self._is_structure(sign, self._offset + at):
                continue
            if sign in b"{}" and self._content is not None:
                self._keep(piece[kept : at + len(sign.strip(b"{"))])
                yield _PrintedObject(self._first_line, bytes(self._content))
                self._content = None
            if sign == b"{":
                self._content, self._first_line, kept = bytearray(), self.line, at
            elif self._content is None:
                self._open_lists = max(self._open_lists + {b"[": 1, b"]": -1}.get(sign, 0), 0)
        self._keep(piece[kept:])
        self._offset += len(piece)

    def _is_structure(self, sign: bytes, offset: int) -> bool:
        if sign == b"\n":
            self.line += 1
            self._is_in_string = False
        elif offset == self._escaped_offset:
            return False
        elif sign == b'"':
            self._is_in_string = not self._is_in_string
        elif self._is_in_string:
            self._escaped_offset = offset + 1 if sign == b"\\" else -1
        else:
            return True
        return False

    def _keep(self, content: bytes) -> None:
        if self._content is not None:
            self._content += content[: MAX_ENVELOPE_BYTES + 1 - len(self._content)]


def _read_object(printed: _PrintedObject, origin: str, zone: tzinfo | None) -> RawNotification | LogProblem:
    if len(printed.content) > MAX_ENVELOPE_BYTES:
        return LogProblem(origin, f"the object is longer than {MAX_ENVELOPE_BYTES} bytes")
    try:
        members = json.loads(printed.content.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return LogProblem(origin, "the object is no JSON")
    key, package = _text(members.get("key")), _text(members.get("packageName"))
    if key is None or package is None:
        return LogProblem(origin, "the object has no key or no packageName")
    user = _USER.match(key)
    return RawNotification(origin, package, int(user[1]) if user else None, _notification(key, members, zone))


def _notification(key: str, members: Mapping[str, Any], zone: tzinfo | None) -> Notification:
    lines = members.get("lines")
    return Notification(
        key=key,
        id=_whole(members.get("id")),
        tag=_text(members.get("tag")),
        group=_text(members.get("group")),
        when_ms=_when_ms(members.get("when"), zone),
        title=_text(members.get("title")),
        text=_text(members.get("content")),
        text_lines=tuple(filter(None, map(_text, lines))) or None if isinstance(lines, list) else None,
    )


def _when_ms(when: object, zone: tzinfo | None) -> int | None:
    """Return the time shown, None for what Termux prints where the app set none (the year 1970, or 292269055)."""
    if isinstance(when, str):
        try:
            at = datetime.strptime(when.strip(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
        except ValueError:
            return None
        return int(at.timestamp() * 1000) if at.year in _PLAUSIBLE_YEARS else None
    return _whole(when) or None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


TERMUX: Final = FormatReader(LogFormat.TERMUX, "termux-notification-list", recognise, read)
