"""What is nearly a wording of the app: in a messenger everybody may write anything, so that no text is unknown.

A message of most of a wording's words that is not that wording is rarely somebody's own: the app changed it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
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
_LEAST_SAME_LETTERS: Final = 4
_END: Final = 2
_LONGEST: Final = 120
_LONGEST_WITH_QUOTATION: Final = 1_000
_DURATION: Final = re.compile(r"\(?[0-9]{1,3}(?::[0-9]{2}){1,2}\)?")
_SHOWN_DURATION: Final = "0:00"
_PICTURE: Final = "<picture>"
_QUOTATION: Final = "<quotation>"
_ANY_PICTURE: Final = "👍"
_DIGITS: Final = "0123456789"
# Written with spaces, though its particles follow a name directly.
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
# What is quoted may have moved out of its marks.
_QUOTED_OR_MARKS: Final = re.compile(rf'{QUOTED.pattern}|“”|""|«\s?»|„[“”]|「」')
_AT_END: Final = "$"
_EDGES: Final = ".…:\"'“”«»„()（）"


class _Wording(Struct, frozen=True):
    """The words of an entry, in its order; of a reaction, a picture and a quotation are two of them."""

    in_order: tuple[str, ...]
    words: frozenset[str]
    meaning: Meaning
    is_reaction: bool
    least_alike: float

    def is_near(self, in_order: Sequence[str], words: frozenset[str]) -> bool:
        """Whether a text has most of the words; of a reaction, all in any order or all but those of one place."""
        if 2 * len(words & self.words) < self.least_alike * (len(words) + len(self.words)):
            return False
        return not self.is_reaction or self.words <= words or _differ_in_one_place(in_order, self.in_order)


class _Sentence(Struct, frozen=True):
    """The letters of an entry in a script without spaces, in its order."""

    letters: str
    meaning: Meaning
    least_alike: float

    def is_near(self, letters: str) -> bool:
        """Whether a text is made of the same letters, or of most of them but for one place."""
        same = _count_same(letters, self.letters) + _count_same(letters[::-1], self.letters[::-1])
        if same >= _LEAST_SAME_LETTERS and 2 * same >= self.least_alike * (len(letters) + len(self.letters)):
            return True
        return len(letters) == len(self.letters) and sorted(letters) == sorted(self.letters)


class NearWordings:
    """The wordings of three words or more, each by the rarest of its words: any text near it has one of those.

    Sentences without spaces and slots stand by their letters as well: how they begin, how they end, and which they are.
    """

    __slots__ = ("_by_letters", "_by_word")

    def __init__(self, entries: Iterable[Entry]) -> None:
        every = list(entries)
        self._by_letters: dict[str, list[_Sentence]] = defaultdict(list)
        for entry in every:
            pattern = _pattern_of(entry)
            if not slots_of(pattern) and (letters := _letters_of_unspaced(pattern)):
                for key in _keys_of(letters):
                    self._by_letters[key].append(_Sentence(letters, entry.meaning, _least_alike(pattern)))
        wordings = [one for entry in every for one in _wordings(entry) if len(one.words) >= _LEAST_WORDS]
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
        if any(self._has_words_near(words, accepts) for words in _cuts(between)):
            return True
        letters = _letters_of_unspaced(between)
        if not letters:
            return False
        sentences = (one for key in _keys_of(letters) for one in self._by_letters.get(key, ()))
        return any(one.is_near(letters) and accepts(one.meaning) for one in sentences)

    def _has_words_near(self, in_order: Sequence[str], accepts: Callable[[Meaning], bool]) -> bool:
        words, by_word = frozenset(in_order), self._by_word
        for word in words:
            for wording in by_word.get(word, ()):
                if wording.is_near(in_order, words) and accepts(wording.meaning):
                    return True
        return False


def _wordings(entry: Entry) -> Iterator[_Wording]:
    pattern = _pattern_of(entry)
    for words in _cuts(_without_slots(pattern)):
        yield _Wording(words, frozenset(words), entry.meaning, _QUOTATION in pattern, _least_alike(pattern))


def _least_alike(pattern: str) -> float:
    """Return how much a text near it has in common with it (Dice's coefficient)."""
    return _LEAST_ALIKE_REACTION if _QUOTATION in pattern else _LEAST_ALIKE


def _pattern_of(entry: Entry) -> str:
    """Return the pattern, of a reaction as `_between_slots` shows a text of it."""
    if entry.meaning.kind is not MentionKind.REACTION:
        return entry.pattern
    return _between_slots(entry.pattern.replace(f"{{{Slot.BODY}}}", _ANY_PICTURE))


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
    without, quotations = _QUOTED_OR_MARKS.subn(f" {_QUOTATION} ", text)
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
    return tuple(filter(None, words))


def _cuts(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of a text: where its script writes no spaces in pairs of letters, of Hangul in both ways."""
    words = _words(text)
    is_spaced = text.isascii() or not UNSPACED.search(text)
    if not is_spaced:
        yield tuple(part for word in words for part in _parts(word))
    if is_spaced or _HANGUL.search(text):
        yield words


def _letters_of_unspaced(text: str) -> str:
    """Return the letters of a sentence without spaces; none of a text that may be one word or a few.

    A quotation and a picture beside it are a letter each.
    """
    if text.isascii() or not UNSPACED.search(text):
        return ""
    letters = "".join(filter(str.isalpha, text.replace(_QUOTATION, "q").replace(_PICTURE, "p")))
    return letters if len(letters) >= _LEAST_LETTERS else ""


def _keys_of(letters: str) -> tuple[str, str, str]:
    """Return under what such a sentence is found; of one near it, at least one is the same."""
    return letters[:_END], letters[-_END:] + _AT_END, "".join(sorted(letters))


def _parts(word: str) -> Iterable[str]:
    """Return the overlapping pairs of a script that writes no space between words, and any other word as it is."""
    return map("".join, pairwise(word)) if len(word) > 1 and UNSPACED.match(word) else (word,)
