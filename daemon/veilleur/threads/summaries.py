"""What only a group's summary showed: some builds put the first message there alone (DESIGN §4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final

from msgspec import Struct

from veilleur.threads.lines import Place

_COLONS: Final = (": ", "：")


class Summary(Struct, frozen=True):
    """The lines that one summary repeats of its children; count texts ("5 messages from 2 chats") are none of them."""

    place: Place
    lines: tuple[str, ...]


class Candidate(Struct, frozen=True):
    """A line that no child shows; `ordinal` counts equal ones of one summary from 0."""

    words: str
    ordinal: int
    first_at: Place


def orphans(summaries: Iterable[Summary], child_words: Collection[str]) -> tuple[Candidate, ...]:
    """Return the lines of one group's summaries that no child of the whole log shows, each once.

    `child_words` are the words of every child of the same device, user, package and group, whenever it came: one that
    arrives later withdraws the candidate. A line is a child's also where names stand before its words.
    """
    found: dict[tuple[str, int], Candidate] = {}
    for summary in sorted(summaries, key=lambda one: one.place):
        seen: Counter[str] = Counter()
        for line in summary.lines:
            key = (line, seen[line])
            seen[line] += 1
            if key not in found and not _is_shown(line, child_words):
                found[key] = Candidate(*key, summary.place)
    return tuple(found.values())


def _is_shown(line: str, child_words: Collection[str]) -> bool:
    """Try the whole line, then what follows each of its colons: names may hold colons, and words may."""
    if line in child_words:
        return True
    for colon in _COLONS:
        rest = line
        while rest:
            _, _, rest = rest.partition(colon)
            if rest in child_words:
                return True
    return False
