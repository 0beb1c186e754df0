"""What is nearly a wording of the app: in a messenger everybody may write anything, so that no text is unknown.

A message of most of a wording's words that is not that wording is rarely somebody's own: the app changed it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise, takewhile
from math import ceil
from operator import eq
from typing import Final

from msgspec import Struct

from veilleur.model.kinds import MentionKind
from veilleur.parsers.catalogue import Entry, Meaning, Slot, slots_of
from veilleur.parsers.shapes import QUOTED
from veilleur.parsers.wording_forms import UNSPACED
from veilleur.parsers.words import EMOJI

_LEAST_ALIKE: Final = 0.6
# Of a reaction, two of the words are any picture and any quotation.
_LEAST_ALIKE_REACTION: Final = 0.7
_LEAST_WORDS: Final = 3
_LEAST_LETTERS: Final = 5
_LONGEST: Final = 120
_LONGEST_WITH_QUOTATION: Final = 1_000
_DURATION: Final = re.compile(r"\(?[0-9]{1,3}(?::[0-9]{2}){1,2}\)?")
_SHOWN_DURATION: Final = "0:00"
_PICTURE: Final = "<picture>"
_QUOTATION: Final = "<quotation>"
_ANY_PICTURE: Final = "👍"
_DIGITS: Final = "0123456789"
_EDGES: Final = ".…:\"'“”«»„()（）"


class _Wording(Struct, frozen=True):
    """The words of an entry, in its order; of a reaction, a picture and a quotation are two of them."""

    in_order: tuple[str, ...]
    words: frozenset[str]
    meaning: Meaning
    is_reaction: bool

    @property
    def least_alike(self) -> float:
        """How much a text near it has in common with it (Dice's coefficient)."""
        return _LEAST_ALIKE_REACTION if self.is_reaction else _LEAST_ALIKE

    def is_near(self, in_order: Sequence[str], words: frozenset[str]) -> bool:
        """Whether a text has most of the words; of a reaction, all in any order or all but those of one place."""
        if 2 * len(words & self.words) < self.least_alike * (len(words) + len(self.words)):
            return False
        return not self.is_reaction or self.words <= words or _differ_in_one_place(in_order, self.in_order)


class NearWordings:
    """The wordings of three words or more, each by the rarest of its words: any text near it has one of those."""

    __slots__ = ("_by_letters", "_by_word")

    def __init__(self, entries: Iterable[Entry]) -> None:
        every = list(entries)
        self._by_letters: dict[str, list[Meaning]] = defaultdict(list)
        for entry in every:
            if not slots_of(entry.pattern) and (letters := _letters_of_unspaced(entry.pattern)):
                self._by_letters[letters].append(entry.meaning)
        wordings = [one for one in map(_wording, every) if len(one.words) >= _LEAST_WORDS]
        often = Counter(word for one in wordings for word in one.words)
        self._by_word: dict[str, list[_Wording]] = defaultdict(list)
        for one in wordings:
            rarest = sorted(one.words, key=lambda word: (often[word], word))
            for word in rarest[: len(rarest) - _least_shared(one) + 1]:
                self._by_word[word].append(one)

    def has_one_near(self, text: str, accepts: Callable[[Meaning], bool]) -> bool:
        """Whether a text, which is no wording, has most words of one, and few others.

        A text that quotes something and shows a picture beside it is compared with a reaction by its words between.
        Where no space is between words, a text of just the same letters has the same words in another order.
        """
        between = _between_slots(text)
        if len(between) > _LONGEST:
            return False
        in_order, by_word = _words(between), self._by_word
        words = frozenset(in_order)
        for word in words:
            for wording in by_word.get(word, ()):
                if wording.is_near(in_order, words) and accepts(wording.meaning):
                    return True
        return any(map(accepts, self._by_letters.get(_letters_of_unspaced(between), ())))


def _wording(entry: Entry) -> _Wording:
    pattern = entry.pattern
    if entry.meaning.kind is MentionKind.REACTION:
        pattern = _between_slots(pattern.replace(f"{{{Slot.BODY}}}", _ANY_PICTURE))
    words = _words(_without_slots(pattern))
    return _Wording(words, frozenset(words), entry.meaning, _QUOTATION in pattern)


def _differ_in_one_place(shown: Sequence[str], known: Sequence[str]) -> bool:
    """Whether most of the known words begin and end what is shown, in their order."""
    return _count_same(shown, known) + _count_same(shown[::-1], known[::-1]) >= _LEAST_ALIKE_REACTION * len(known)


def _count_same(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the words with which both begin."""
    return sum(1 for _ in takewhile(bool, map(eq, one, other)))


def _least_shared(wording: _Wording) -> int:
    """Return how many of its words a text near a wording has: even one that has no others."""
    return ceil(wording.least_alike * len(wording.words) / (2 - wording.least_alike))


def _between_slots(text: str) -> str:
    """Return a text with one word for what it quotes and one for its pictures, where it has both as a reaction has."""
    if text.isascii() or len(text) > _LONGEST_WITH_QUOTATION:
        return text
    without, quotations = QUOTED.subn(f" {_QUOTATION} ", text)
    between, pictures = EMOJI.subn(f" {_PICTURE} ", without) if quotations else (text, 0)
    return between if pictures else text


def _without_slots(pattern: str) -> str:
    for slot in slots_of(pattern):
        pattern = pattern.replace(f"{{{slot}}}", _SHOWN_DURATION if slot == Slot.DURATION else " ")
    return pattern


def _words(text: str) -> tuple[str, ...]:
    words = [word.strip(_EDGES) for word in text.casefold().split()]
    if "+" in text:  # `+3` more of them
        words = [word.rstrip(_DIGITS) if word.startswith("+") else word for word in words]
    if ":" in text:
        words = [_SHOWN_DURATION if _DURATION.fullmatch(word) else word for word in words]
    if not text.isascii() and UNSPACED.search(text):
        words = [part for word in words for part in _parts(word)]
    return tuple(filter(None, words))


def _letters_of_unspaced(text: str) -> str:
    """Return the letters of a sentence without spaces, sorted; none of a text that may be one word or a few."""
    if text.isascii() or not UNSPACED.search(text):
        return ""
    letters = sorted(filter(str.isalpha, text))
    return "".join(letters) if len(letters) >= _LEAST_LETTERS else ""


def _parts(word: str) -> Iterable[str]:
    """Return the overlapping pairs of a script that writes no space between words, and any other word as it is."""
    return map("".join, pairwise(word)) if len(word) > 1 and UNSPACED.match(word) else (word,)
