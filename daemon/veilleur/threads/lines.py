"""Undated lines of one conversation (InboxStyle), folded into the messages that they show (DESIGN §4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

Place = tuple[str, int]


class Line(Struct, frozen=True):
    """One line as shown: who wrote it, where that is said, and its words; those of a deleted one are the app's."""

    sender: str | None
    words: str
    is_deleted: bool = False


class Snapshot(Struct, frozen=True):
    """The lines of one notification, oldest first, and its place in the log: epoch and seq.

    `is_fresh` where the notification before it was removed: what it shows was all written since.
    """

    place: Place
    lines: tuple[Line, ...]
    is_fresh: bool = False


class Undated(Struct, frozen=True):
    """A message without a time; `ordinal` counts equal ones of the conversation from 0."""

    sender: str | None
    words: str
    ordinal: int
    first_at: Place
    is_deleted: bool = False


class _Held(Struct):
    line: Line
    first_at: Place
    is_deleted: bool


def fold(snapshots: Iterable[Snapshot]) -> tuple[Undated, ...]:
    """Return the messages of a conversation, oldest first, whatever the order in which its snapshots arrived.

    A snapshot continues the one before it where it begins with the lines that one ended with, as many as can be.
    A window that is full of equal lines hides how many more came: they are not counted. A message first shown as
    deleted was never seen, and is none.
    """
    held: list[_Held] = []
    fresh_from = 0
    for _, snapshot in sorted({one.place: one for one in snapshots}.items()):
        if snapshot.is_fresh:
            fresh_from = len(held)
        shared = _overlap(held[fresh_from:], snapshot.lines)
        for known, line in zip(held[len(held) - shared :], snapshot.lines, strict=False):
            known.is_deleted = known.is_deleted or line.is_deleted
        held.extend(_Held(line, snapshot.place, line.is_deleted) for line in snapshot.lines[shared:])
    return _numbered(held)


def grown(before: str | None, now: str) -> str | None:
    """Return what is new in a text that grows in place ("One", then "One Two"); None where nothing is."""
    if before is None or not now.startswith(before):
        return now.strip() or None
    return now.removeprefix(before).strip() or None


def _overlap(held: Sequence[_Held], lines: Sequence[Line]) -> int:
    for length in range(min(len(held), len(lines)), 0, -1):
        if all(_is_same(known, line) for known, line in zip(held[-length:], lines, strict=False)):
            return length
    return 0


def _is_same(known: _Held, line: Line) -> bool:
    if known.line.sender != line.sender:
        return False
    return line.is_deleted or (not known.is_deleted and known.line.words == line.words)


def _numbered(held: Iterable[_Held]) -> tuple[Undated, ...]:
    seen: Counter[tuple[str | None, str]] = Counter()
    messages: list[Undated] = []
    for one in held:
        if one.line.is_deleted:
            continue
        place = (one.line.sender, one.line.words)
        messages.append(Undated(*place, seen[place], one.first_at, one.is_deleted))
        seen[place] += 1
    return tuple(messages)
