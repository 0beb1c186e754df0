"""The windows in which an app shows messages without times, one after another: what in each of them is new (DESIGN §4).

A window knows its messages by hashes alone: what is kept of a conversation to fold it holds none of its words.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from msgspec import Struct, structs

from veilleur.model.outcome import UndatedLine, UndatedThread

NO_MESSAGE: Final = -1
"""The line of what makes no message: own words, and those of one that was deleted before it was seen."""
# An app shows ten lines at most, Android's own threads 25. More are nobody's, and would be compared each with each.
_MOST_LINES: Final = 100
_MOST_WORDS: Final = 1_000
_MOST_PAST: Final = 250
_REMEMBERED_TEXTS: Final = 4_096


class Mark(Struct, frozen=True, array_like=True):
    """How one line is known again: hashes of its sender and of its words; those of a deleted one are the app's."""

    sender: int
    words: int
    is_deleted: bool = False
    is_message: bool = True


class Window(Struct, frozen=True, array_like=True):
    """The lines of one notification, oldest first; of a text that grows, its words.

    `is_fresh` where no notification of the conversation was there before: what it shows was all written since.
    `is_summary` where it shows lines of several conversations: they come and go with each of these.
    """

    marks: tuple[Mark, ...]
    is_fresh: bool = False
    grows: bool = False
    is_summary: bool = False


class Held(Struct, frozen=True, array_like=True):
    """A line as the window now shows it, and where its message was first shown: in which snapshot, at which line."""

    mark: Mark
    at: int
    line: int


class Step(Struct, frozen=True, array_like=True):
    """What one window adds to the one before: `held` as it now stands, and the messages that it shows as deleted.

    `past` holds the messages of a summary that it showed earlier and shows no longer: they may come back.
    """

    held: tuple[Held, ...]
    deleted: tuple[tuple[int, int], ...] = ()
    past: tuple[Held, ...] = ()

    def told_at(self, at: int) -> tuple[int, ...]:
        """Return the lines whose messages snapshot `at` was the first to show."""
        return tuple(dict.fromkeys(one.line for one in self.held if one.at == at and one.line != NO_MESSAGE))


def window_of(thread: UndatedThread, *, is_fresh: bool, is_summary: bool = False) -> Window:
    """Return how the lines of one notification are known again."""
    if thread.grows:
        marks = [_mark(line, one) for line in thread.lines[-1:] for one in _words(line)]
    else:
        marks = [_mark(line, line.slot.words) for line in shown_lines(thread)]
    return Window(tuple(marks), is_fresh, thread.grows, is_summary)


def shown_lines(thread: UndatedThread) -> Sequence[UndatedLine]:
    """Return the lines that are folded: the newest hundred."""
    return thread.lines[-_MOST_LINES:]


def line_at(thread: UndatedThread, number: int) -> UndatedLine:
    """Return the line of that number in a window of this thread; of a text that grows, all of it."""
    return thread.lines[-1] if thread.grows else shown_lines(thread)[number]


def words_at(thread: UndatedThread, number: int) -> str:
    """Return the words of the message at that line; of a text that grows, what stands from that word on."""
    line = line_at(thread, number)
    if not thread.grows or number == 0:
        return line.slot.words
    return line.slot.words.split(maxsplit=number)[number]


def step(before: Step, at: int, window: Window) -> Step:
    """Return what snapshot `at` shows after the one `before`.

    It continues that window where it begins with the lines that the window ended with, as many as can be. Where it
    shows fewer lines, or begins with none of those, messages have vanished: it begins with what is left of them.
    Equal lines that filled the whole window hide how many more came: they are not counted.
    """
    if window.is_summary:
        return _summed_up(before, at, window)
    known = () if window.is_fresh else before.held
    shared = _grown(known, window.marks) if window.grows else _continued(known, window.marks)
    held: list[Held] = []
    deleted: list[tuple[int, int]] = []
    for one, mark in zip(shared, window.marks, strict=False):
        if mark.is_deleted and not one.mark.is_deleted and one.line != NO_MESSAGE:
            deleted.append((one.at, one.line))
        held.append(structs.replace(one, mark=_deleted(one.mark)) if mark.is_deleted else one)
    first = len(shared)
    for number, mark in enumerate(window.marks[first:], first):
        line = first if window.grows else number
        held.append(Held(mark, at, line if mark.is_message else NO_MESSAGE))
    return Step(tuple(held), tuple(deleted))


def _summed_up(before: Step, at: int, window: Window) -> Step:
    """Tell the lines that were not shown since the summary was posted anew, of equal ones those beyond the most.

    Nothing is read out of their places: when a conversation is read its lines go, and older ones of others come back.
    """
    known = () if window.is_fresh else (*before.past, *before.held)
    earlier: defaultdict[Mark, deque[Held]] = defaultdict(deque)
    for one in known:
        earlier[one.mark].append(one)
    held: list[Held] = []
    for number, mark in enumerate(window.marks):
        line = number if mark.is_message else NO_MESSAGE
        held.append(earlier[mark].popleft() if earlier[mark] else Held(mark, at, line))
    shown = {(one.at, one.line) for one in held}
    past = [one for one in known if one.line != NO_MESSAGE and (one.at, one.line) not in shown]
    return Step(tuple(held), past=tuple(past[-_MOST_PAST:]))


@lru_cache(_REMEMBERED_TEXTS)
def mark_of(text: str) -> int:
    """Return the hash of a text that comes by again and again."""
    return hash_of(text)


def hash_of(text: str) -> int:
    """Return 64 bits of a hash, as both databases hold them."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)


def _deleted(mark: Mark) -> Mark:
    return Mark(mark.sender, mark.words, is_deleted=True, is_message=mark.is_message)


def _mark(line: UndatedLine, words: str) -> Mark:
    known_by = 0 if line.is_deleted else mark_of(words)
    return Mark(mark_of(line.slot.sender), known_by, line.is_deleted, line.draft is not None)


def _words(line: UndatedLine) -> Sequence[str]:
    return line.slot.words.split(maxsplit=_MOST_WORDS)


def _grown(known: Sequence[Held], marks: Sequence[Mark]) -> Sequence[Held]:
    length = min(len(known), len(marks))
    is_same_text = all(one.mark == mark for one, mark in zip(known, marks, strict=False))
    return known[:length] if is_same_text else ()


def _continued(known: Sequence[Held], marks: Sequence[Mark]) -> Sequence[Held]:
    shared = _moved_on(known, marks)
    if len(shared) == len(marks):
        return shared
    as_it_stood = _left_over(known, marks, _stands_so)
    if len(as_it_stood) == len(marks):
        return as_it_stood
    return _refilled(known, marks, len(shared)) or shared or _left_over(known, marks, _is_same)


def _moved_on(known: Sequence[Held], marks: Sequence[Mark]) -> Sequence[Held]:
    for length in range(len(known), 0, -1) if len(marks) >= len(known) else ():
        if all(map(_is_same, known[-length:], marks)):
            return known[-length:]
    return ()


def _left_over(known: Sequence[Held], marks: Sequence[Mark], is_same: Callable[[Held, Mark], bool]) -> Sequence[Held]:
    left: list[Held] = []
    for one in known:
        if len(left) < len(marks) and is_same(one, marks[len(left)]):
            left.append(one)
    return left


def _refilled(known: Sequence[Held], marks: Sequence[Mark], beyond: int) -> Sequence[Held]:
    """Return a full window of which some vanished and as many older ones came back, at its top: those were told.

    It is that only where it so explains more than `beyond` lines, none of them new.
    """
    for older in range(1, len(marks) - beyond) if len(marks) == len(known) else ():
        left = _left_over(known, marks[older:], _is_same)
        if len(left) == len(marks) - older:
            return [*(Held(mark, 0, NO_MESSAGE) for mark in marks[:older]), *left]
    return ()


def _is_same(known: Held, mark: Mark) -> bool:
    if known.mark.sender != mark.sender:
        return False
    return mark.is_deleted or (not known.mark.is_deleted and known.mark.words == mark.words)


def _stands_so(known: Held, mark: Mark) -> bool:
    return known.mark.is_deleted == mark.is_deleted and _is_same(known, mark)
