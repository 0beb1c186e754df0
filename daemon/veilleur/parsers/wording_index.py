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
from veilleur.parsers.wording_forms import FULL_STOPS, Form, fixed_words_of

# What is longer is filed under so much of it: each length costs a look-up for every text.
_KEY_LENGTHS: Final = (16, 8, 4, 2, 1)
_COLONS: Final = re.compile("[:：]")

_Filed = tuple[int, str, str, str]
"""A form, what stands behind the first letter of its beginning, its longest part within, and its end."""
_ByLength = dict[int, dict[str, list[_Filed]]]


class _Tables(Struct):
    """Forms by the end of their words, by their beginning in lower case, by what stands before a colon."""

    ends: _ByLength
    starts: _ByLength
    before_colons: _ByLength
    others: list[_Filed]


class WordingIndex:
    """The forms with slots of one app, by the fixed words that tell most."""

    __slots__ = ("_tables",)

    def __init__(self, forms: Sequence[Form]) -> None:
        self._tables = _Tables({}, {}, {}, [])
        for index, form in enumerate(forms):
            _file(self._tables, index, form)

    def candidates(self, plain: Plain) -> list[int]:
        """Return the forms that the whole text may be: all that it is, and few that it is not."""
        text = plain.text.rstrip(FULL_STOPS)
        tables = self._tables
        filed = tables.others.copy()
        for length, by_end in tables.ends.items():
            filed += by_end.get(text[-length:], ())
        head = text[: _KEY_LENGTHS[0]].lower()
        for length, by_start in tables.starts.items():
            filed += by_start.get(head[:length], ())
        if tables.before_colons and (":" in text or "：" in text):
            filed += self._before_colons(text)
        return [
            index
            for index, start, part, end in filed
            if part in text and text.endswith(end) and text.startswith(start, 1)
        ]

    def _before_colons(self, text: str) -> Iterator[_Filed]:
        seen: set[str] = set()
        for colon in _COLONS.finditer(text):
            end = colon.start() - (text[colon.start() - 1 : colon.start()] == " ")
            for length, by_words in self._tables.before_colons.items():
                key = text[max(end - length, 0) : end]
                if key not in seen:
                    seen.add(key)
                    yield from by_words.get(key, ())


def _file(tables: _Tables, index: int, form: Form) -> None:
    words = fixed_words_of(form.source)
    filed = (index, words.start[1:], words.within[0] if words.within else "", words.end)
    if words.end:
        _put(tables.ends, words.end[-_key_length(words.end) :], filed)
    elif words.start:
        _put(tables.starts, words.start[: _key_length(words.start)].lower(), filed)
    elif words.before_colon:
        _put(tables.before_colons, words.before_colon[-_key_length(words.before_colon) :], filed)
    else:
        tables.others.append(filed)


def _key_length(words: str) -> int:
    return next(length for length in _KEY_LENGTHS if length <= len(words))


def _put(by_length: _ByLength, key: str, filed: _Filed) -> None:
    by_length.setdefault(len(key), {}).setdefault(key, []).append(filed)
