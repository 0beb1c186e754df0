"""Folds text and cuts it into the tokens that are indexed and sought (DESIGN §5): the only tokeniser there is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import chain, islice, pairwise
from typing import Final

MAX_INDEXED_TOKENS: Final = 4_000
# PostgreSQL's indexes take entries of 2,704 bytes at most, and a character has up to four.
_LONGEST_TOKEN: Final = 256

# Accents of Latin, Greek and Cyrillic once decomposed; Arabic vowel marks and tatweel; what makes a picture of a
# sign; invisible marks. Marks of other scripts stay: they are vowels there.
_DROPPED: Final = re.compile(
    "[\u0300-\u036f\u064b-\u065f\u0670\u0640\u20d0-\u20ff\ufe00-\ufe0f"
    "\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_ASCII_TOKEN: Final = re.compile(r"#\w+|@\w+(?:\.\w+)*|\w+")
_PLANES_WITH_MARKS: Final = (range(0x20000), range(0xE0000, 0xE1000))
"""Planes 2 and 3 hold Han, the others next to nothing: looking through all would take 0.3 s of each start."""
# Han, kana and Thai write no spaces: runs of them are cut into overlapping pairs.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0e7f\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)


def fold(text: str) -> str:
    """Return `text` without case, compatibility forms, accents and invisible marks."""
    if text.isascii():
        return text.lower()
    bare = _DROPPED.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return bare if bare.isascii() else unicodedata.normalize("NFC", bare)


def tokens(text: str) -> list[str]:
    """Return the tokens of `text` in order: words, `#tag` and `@handle` whole, unspaced scripts as pairs.

    Of an endless word the first 256 characters count.
    """
    folded = fold(text)
    if folded.isascii():
        return [token[:_LONGEST_TOKEN] for token in _ASCII_TOKEN.findall(folded)]
    return [part[:_LONGEST_TOKEN] for token in _token_pattern().findall(folded) for part in _parts(token)]


def indexed(*texts: str | None) -> str:
    """Return the tokens of all texts as the index keeps them: separated by spaces, the first 4,000."""
    every = (token for text in texts if text for token in tokens(text))
    return " ".join(islice(every, MAX_INDEXED_TOKENS))


def _parts(token: str) -> Iterator[str]:
    if token[0] in "#@" or not _UNSPACED.search(token):
        yield token
        return
    at = 0
    for run in _UNSPACED.finditer(token):
        if run.start() > at:
            yield token[at : run.start()]
        yield from _pairs(run.group())
        at = run.end()
    if at < len(token):
        yield token[at:]


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for first, second in pairwise(run):
        yield first + second


@cache
def _token_pattern() -> re.Pattern[str]:
    # Python's \w leaves out combining marks, which are letters' vowels in Hindi, Thai or Tamil.
    marks = _ranges(code for code in chain(*_PLANES_WITH_MARKS) if unicodedata.category(chr(code))[0] == "M")
    word = rf"\w[\w{marks}]*"
    return re.compile(rf"#{word}|@{word}(?:\.{word})*|{word}")


def _ranges(codes: Iterator[int]) -> str:
    spans: list[list[int]] = []
    for code in codes:
        if spans and code == spans[-1][1] + 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in spans)
