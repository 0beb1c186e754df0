"""Which wordings a text may be: looked up by the fixed words that it must end with, begin with or hold.

One automaton for all patterns would be exact, and was fifty times slower: every pattern begins with a name, so that
nearly each text led it through states never seen before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from veilleur.parsers.plaintext import Plain
from veilleur.parsers.wording_forms import FULL_STOPS, FixedWords, Form, fixed_words_of

_KEY_LENGTH: Final = 8
_COLONS: Final = re.compile("[:：]")

_ByLength = dict[int, dict[str, list[int]]]


class _Tables(Struct):
    """Forms by the end of their words, by their beginning in lower case, by what stands before a colon."""

    ends: _ByLength
    starts: _ByLength
    before_colons: _ByLength
    others: list[int]


class WordingIndex:
    """The forms with slots of one app, by the fixed words that tell most."""

    __slots__ = ("_tables", "_words")

    def __init__(self, forms: Sequence[Form]) -> None:
        self._words = tuple(fixed_words_of(form.source) for form in forms)
        self._tables = _Tables({}, {}, {}, [])
        for index, words in enumerate(self._words):
            _file(self._tables, words, index)

    def candidates(self, plain: Plain) -> list[int]:
        """Return the forms that the whole text may be: all that it is, and few that it is not."""
        text = plain.text.rstrip(FULL_STOPS)
        tables, words = self._tables, self._words
        filed = tables.others.copy()
        for length, by_end in tables.ends.items():
            filed += by_end.get(text[-length:], ())
        head = text[:_KEY_LENGTH].lower()
        for length, by_start in tables.starts.items():
            filed += by_start.get(head[:length], ())
        if tables.before_colons and (":" in text or "：" in text):
            filed += self._before_colons(text)
        return [index for index in filed if _holds(text, words[index])] if filed else filed

    def _before_colons(self, text: str) -> Iterator[int]:
        seen: set[str] = set()
        for colon in _COLONS.finditer(text):
            end = colon.start() - (text[colon.start() - 1 : colon.start()] == " ")
            for length, by_words in self._tables.before_colons.items():
                key = text[max(end - length, 0) : end]
                if key not in seen:
                    seen.add(key)
                    yield from by_words.get(key, ())


def _file(tables: _Tables, words: FixedWords, index: int) -> None:
    if words.end:
        _put(tables.ends, words.end[-_KEY_LENGTH:], index)
    elif words.start:
        _put(tables.starts, words.start[:_KEY_LENGTH].lower(), index)
    elif words.before_colon:
        _put(tables.before_colons, words.before_colon[-_KEY_LENGTH:], index)
    else:
        tables.others.append(index)


def _put(by_length: _ByLength, key: str, index: int) -> None:
    by_length.setdefault(len(key), {}).setdefault(key, []).append(index)


def _holds(text: str, words: FixedWords) -> bool:
    if not text.endswith(words.end) or not text.startswith(words.start[1:], 1):
        return False
    for part in words.within:  # noqa: SIM110 - a generator costs more than the search
        if part not in text:
            return False
    return True
