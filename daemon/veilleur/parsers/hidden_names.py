"""Names that a reading hides: behind a beginning that the app put before them, or at the end of somebody's words.

One notification does not tell: `Breaking: Nadia` may be a name. Many do: other people stand behind the same beginning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from veilleur.model.drift import ReadName
from veilleur.parsers.shapes import UnknownText, words_of
from veilleur.parsers.wording_forms import UNSPACED

_LEAST_NAMES: Final = 3
_LEAST_KNOWN: Final = 2
_LEAST_BEHIND_A_SIGN: Final = 5
# Since the app put it there, hardly a text of the wording is without it.
_LEAST_SHARE: Final = 0.8
_LONGEST_BEGINNING: Final = 40
_MOST_WORDS: Final = 4


class NamedText(Struct, frozen=True):
    """A text that a pattern reads, and the actor it takes out of the text; `pattern` tells wordings apart."""

    text: UnknownText
    pattern: str
    actor: str


def behind_beginnings(named: Iterable[NamedText], names: Collection[str]) -> Iterator[UnknownText]:
    """Yield the texts, of those given oldest first, whose actor is a name behind a beginning of the app's.

    `names` are those that other notifications show whole.
    """
    by_pattern: dict[tuple[str, str], list[NamedText]] = defaultdict(list)
    for one in named:
        by_pattern[one.text.app, one.pattern].append(one)
    for of_pattern in by_pattern.values():
        actors = [one.actor for one in of_pattern]
        beginnings = [found for found in _beginnings(actors, names) if _is_the_apps(found, actors, names)]
        yield from (one.text for one in of_pattern if one.actor.startswith(tuple(beginnings)))


def count_behind_beginnings(newest: Sequence[ReadName], before: Sequence[ReadName]) -> int:
    """Count the newest names, oldest first, that stand behind what the app most likely put there.

    That something changed is told from less than what a proposal needs: the app's wordings count together, and behind
    a sign two known names are enough.
    """
    every = (*before, *newest)
    names = frozenset(one.actor for one in every)
    hidden: set[ReadName] = set()
    for beginning in _beginnings([one.actor for one in newest], names):
        told = _told_behind(beginning, every)
        least = _LEAST_NAMES if _ends_in_word(beginning) else _LEAST_KNOWN
        if _are_names(beginning, {one.actor for one in told.intersection(newest)}, names, least):
            hidden |= told
    return sum(one in hidden for one in newest)


def _told_behind(beginning: str, every: Iterable[ReadName]) -> set[ReadName]:
    """Return the names of those wordings that keep this beginning, where it is mostly theirs: else it is people's."""
    actors: dict[str, list[str]] = defaultdict(list)
    for one in every:
        actors[one.pattern].append(one.actor)
    behind = [one for one in every if one.actor.startswith(beginning)]
    steady = {pattern for pattern in {one.pattern for one in behind} if _is_steady(beginning, actors[pattern])}
    told = [one for one in behind if one.pattern in steady]
    return set(told) if 2 * len(told) > len(behind) else set()


def name_at_end(said: Sequence[str], names: Collection[str]) -> str | None:
    """Return what stands between the words and the name that end each of these texts, None where none does so.

    Names that are known decide; without one, what leaves the shortest names.
    """
    if len(set(said)) < _LEAST_NAMES:
        return None
    best: tuple[int, int] | None = None
    chosen = None
    for between in dict.fromkeys(f" {word} " for word in said[0].split(" ")[1:-1]):
        ends = {one.rpartition(between)[2] for one in said if between in one}
        if all(between in one for one in said) and len(ends) > 1 and all(map(_may_be_name, ends)):
            rank = (-sum(end in names for end in ends), sum(map(len, ends)))
            if best is None or rank < best:
                best, chosen = rank, between
    return chosen


def _may_be_name(words: str) -> bool:
    return 0 < len(words_of(words)) <= _MOST_WORDS


def _beginnings(actors: Iterable[str], names: Collection[str]) -> set[str]:
    """Return what stands before a known name, and signs that stand alone before any."""
    found: set[str] = set()
    for actor in set(actors):
        found |= {actor[:at] for at in _starts(actor) if actor[at:] in names}
        first, space, _ = actor.partition(" ")
        if space and not _ends_in_word(first):
            found.add(first + space)
    return found


def _starts(actor: str) -> Iterator[int]:
    """Yield where a second name may begin: after a space or a sign, or anywhere in a script without spaces."""
    for at in range(1, min(len(actor), _LONGEST_BEGINNING)):
        before = actor[at - 1]
        if not actor[at].isspace() and (not before.isalnum() or UNSPACED.match(before)):
            yield at


def _is_the_apps(beginning: str, actors: Sequence[str], names: Collection[str]) -> bool:
    behind = {actor for actor in actors if actor.startswith(beginning)}
    return _are_names(beginning, behind, names, _LEAST_NAMES) and _is_steady(beginning, actors)


def _are_names(beginning: str, actors: Collection[str], names: Collection[str], least: int) -> bool:
    """Whether enough of what stands behind a beginning is known, or it is a sign and there is much of it."""
    known = sum(actor.removeprefix(beginning) in names for actor in actors)
    is_seen = len(actors) >= least and known >= _LEAST_KNOWN
    return is_seen or (len(actors) >= _LEAST_BEHIND_A_SIGN and not _ends_in_word(beginning))


def _is_steady(beginning: str, actors: Sequence[str]) -> bool:
    """Whether, since it first stood before several names, hardly one of a wording's is without it."""
    have_it = [actor.startswith(beginning) for actor in actors]
    since = have_it[have_it.index(True) :]
    is_several = len({actor for actor in actors if actor.startswith(beginning)}) > 1
    return is_several and sum(since) >= _LEAST_SHARE * len(since)


def _ends_in_word(beginning: str) -> bool:
    return beginning.rstrip()[-1:].isalnum()
