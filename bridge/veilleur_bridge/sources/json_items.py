"""A JSON document of any size as the objects that matter in it, cut out while it comes in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from veilleur_bridge.delivery import LogNote, LogProblem
from veilleur_bridge.envelope import MAX_ENVELOPE_BYTES

Path = tuple[str, ...]

_STRING: Final = rb'"(?:[^"\\\n]++|\\.)*+'
# A string ends with its quote, or is cut within an escape where the bytes at hand end.
_TOKEN: Final = re.compile(_STRING + rb'(?:(?P<quote>")|(?P<cut>\\\Z))?|(?P<sign>[{}\[\],:])|[^\s{}\[\],:"]++')
_TRAILING_COMMA: Final = re.compile(rb"(" + _STRING + rb'"?)|,(?=\s*[}\]])')
_OPENS: Final = (b"{", b"[")
_CLOSES: Final = (b"}", b"]")
_NOTHING: Final = b"null"
_MOST_DEEP: Final = 100
_TOO_LONG: Final = f"is longer than {MAX_ENVELOPE_BYTES} bytes"


@dataclass(frozen=True, slots=True)
class Opened:
    """An object begins that is no item: what was told of the one before it holds no more."""

    path: Path


@dataclass(frozen=True, slots=True)
class Told:
    """A text or number beside the items, under the names that lead to it."""

    path: Path
    value: object


@dataclass(frozen=True, slots=True)
class Item:
    """One object of a list that matters, and the line where it begins."""

    path: Path
    line: int
    members: dict[str, Any]


Found = Opened | Told | Item | LogProblem | LogNote


def read_items(pieces: Iterator[bytes], name: str, is_wanted: Callable[[Path], bool]) -> Iterator[Found]:
    """Yield what a document holds: the objects of the lists that `is_wanted` names by their path, and what is beside.

    `name` begins every origin. An object that is no JSON is a problem, one with a comma too many is mended and noted;
    a document that ends too soon keeps what precedes. What is longer than an envelope or nested too deep is a problem,
    and passed over without being kept.
    """
    cutter = _Cutter(name, is_wanted)
    for piece in pieces:
        yield from cutter.take(piece)
    yield from cutter.end()


class _Cutter:
    """Follows the braces: `_path` are the names down to here, `_marks` how long it was at each open brace."""

    def __init__(self, name: str, is_wanted: Callable[[Path], bool]) -> None:
        self._name = name
        self._is_wanted = is_wanted
        self._buffer = b""
        self._scanned = 0
        self._line = 1
        self._path: list[str] = []
        self._marks: list[tuple[bytes, int]] = []
        self._name_before: str | None = None
        self._is_value = False
        self._comma_at: int | None = None
        self._item: _ItemUnderWay | None = None
        self._is_shortened = False

    def take(self, piece: bytes) -> Iterator[Found]:
        """Yield what this piece completes."""
        self._buffer += piece
        for match in _TOKEN.finditer(self._buffer, self._scanned):
            token = match[0]
            if match.end() == len(self._buffer) and not (match["quote"] or match["sign"]):
                if len(token) > MAX_ENVELOPE_BYTES:
                    yield from self._shorten(match)
                break  # it may go on in the next piece
            if self._is_shortened:
                token, self._is_shortened = _NOTHING, False
            if self._item is not None:
                yield from self._within(token, match.start(), match.end())
            else:
                yield from self._between(token, match.start())
            self._scanned = match.end()
        else:
            if len(self._buffer) - self._scanned > MAX_ENVELOPE_BYTES:
                self._scanned = len(self._buffer)  # nothing but spaces
        self._forget()

    def end(self) -> Iterator[Found]:
        """Say where the document ends too soon."""
        if self._item is None and not self._marks:
            return
        line = self._item.line if self._item else self._line_at(self._scanned)
        if self._item and self._item.problem:
            yield LogProblem(f"{self._name}:{line}", self._item.problem)
        where = "inside this object" if self._item else "before its closing bracket"
        yield LogProblem(f"{self._name}:{line}", f"the file ends {where}", ended_early=True)

    def _shorten(self, match: re.Match[bytes]) -> Iterator[Found]:
        """Let go of a token that is longer than an envelope: its first byte stands for it until it ends."""
        if self._item is not None:
            self._item.problem = f"the object {_TOO_LONG}"
        elif not self._is_shortened:
            yield LogProblem(f"{self._name}:{self._line_at(match.start())}", f"a text or number {_TOO_LONG}")
        self._is_shortened = True
        self._buffer = self._buffer[: match.start() + 1] + (match["cut"] or b"")

    def _forget(self) -> None:
        """Let go of what was read; of an object under way what is no longer than an envelope is kept."""
        keep_from = self._scanned
        if self._item is not None:
            if self._scanned - self._item.start > MAX_ENVELOPE_BYTES:
                self._item.problem = self._item.problem or f"the object {_TOO_LONG}"
            if self._item.problem is None:
                keep_from = self._item.start
            self._item.start -= keep_from
        self._line += self._buffer.count(b"\n", 0, keep_from)
        self._buffer = self._buffer[keep_from:]
        self._scanned -= keep_from
        if self._comma_at is not None:
            self._comma_at -= keep_from

    def _within(self, token: bytes, start: int, end: int) -> Iterator[Found]:
        item = self._item
        if item is None:
            return
        if token == b"{" and item.indent and self._buffer.endswith(item.indent, 0, start):
            yield LogProblem(f"{self._name}:{item.line}", "the object does not end before the next one begins")
            self._item = _ItemUnderWay(start, self._line_at(start), item.indent)
        elif token in _OPENS:
            item.depth += 1
        elif token in _CLOSES:
            item.depth -= 1
            if item.depth == 0:
                yield from self._read(item, end)
                self._item = None

    def _read(self, item: _ItemUnderWay, end: int) -> Iterator[Found]:
        origin = f"{self._name}:{item.line}"
        if item.problem:
            yield LogProblem(origin, item.problem)
            return
        content = self._buffer[item.start : end]
        members = _loaded(content)
        if members is None:
            mended = _TRAILING_COMMA.sub(rb"\1", content)
            members = _loaded(mended)
            if members is not None:
                yield LogNote(origin, "a comma too many was left out of the object")
        if members is None:
            yield LogProblem(origin, "the object is no JSON")
        else:
            yield Item(tuple(self._path), item.line, members)

    def _between(self, token: bytes, start: int) -> Iterator[Found]:
        if token in _CLOSES and self._comma_at is not None:
            yield LogNote(f"{self._name}:{self._line_at(max(self._comma_at, 0))}", "a comma too many was left out")
        self._comma_at = start if token == b"," else None
        if token in _OPENS:
            yield from self._open(token, start)
        elif token in _CLOSES:
            self._close()
        elif token == b":":
            self._is_value = True
        elif token == b",":
            self._is_value = False
        elif self._is_value:
            if self._name_before is not None:
                yield Told((*self._path, self._name_before), _loaded_any(token))
        else:
            self._name_before = str(_loaded_any(token))

    def _open(self, token: bytes, start: int) -> Iterator[Found]:
        is_in_list = bool(self._marks) and self._marks[-1][0] == b"["
        if token == b"{" and is_in_list and self._is_wanted(tuple(self._path)):
            self._item = _ItemUnderWay(start, self._line_at(start), self._indent_at(start))
            return
        if len(self._marks) >= _MOST_DEEP:
            self._item = _ItemUnderWay(start, self._line_at(start), b"")
            self._item.problem = f"what begins here is nested more than {_MOST_DEEP} deep"
            return
        self._marks.append((token, len(self._path)))
        if not is_in_list and self._name_before is not None and self._is_value:
            self._path.append(self._name_before)
        self._name_before, self._is_value = None, False
        if token == b"{":
            yield Opened(tuple(self._path))

    def _close(self) -> None:
        if self._marks:
            _, length = self._marks.pop()
            del self._path[length:]
        self._name_before, self._is_value = None, False

    def _indent_at(self, start: int) -> bytes:
        """Return the line end and the spaces before an object that begins its line, else nothing."""
        line_start = self._buffer.rfind(b"\n", 0, start)
        before = self._buffer[line_start:start]
        return before if line_start >= 0 and len(before) > 1 and not before.strip() else b""

    def _line_at(self, place: int) -> int:
        return self._line + self._buffer.count(b"\n", 0, place)


class _ItemUnderWay:
    """An object that is being cut out: where it starts in the buffer, how deep its braces are, why it is not kept."""

    def __init__(self, start: int, line: int, indent: bytes) -> None:
        self.start = start
        self.line = line
        self.indent = indent
        self.depth = 1
        self.problem: str | None = None


def _loaded(content: bytes) -> dict[str, Any] | None:
    loaded = _loaded_any(content)
    return loaded if isinstance(loaded, dict) else None


def _loaded_any(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
