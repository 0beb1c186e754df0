"""The tokens that migration 0007 writes, as they were on its day: later ones are a later migration's to write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, pairwise
from typing import Final

_MOST_TOKENS: Final = 4_000
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

    A run of such a script ends with its last sign alone, so that each sign begins a token. Of an endless word the
    first 256 characters count.
    """
    folded = fold(text)
    if folded.isascii():
        return [token[:_LONGEST_TOKEN] for token in _ASCII_TOKEN.findall(folded)]
    return [part[:_LONGEST_TOKEN] for token in _token_pattern().findall(folded) for part in _parts(token)]


def words_text(body: str | None, target: str | None, hashtags: Iterable[str] = ()) -> str:
    """Return what the index keeps of a mention's words, and of hashtags that stand outside them."""
    found = _indexed(body, target)
    marked = (f"#{fold(tag)}" for tag in hashtags)
    return " ".join(chain(found, sorted(set(marked).difference(found)))) if hashtags else " ".join(found)


def names_text(name: str, handle: str | None = None, phone: str | None = None) -> str:
    """Return what the index keeps of an actor: tokens of the name, and handle and phone as no name can hold them."""
    marked = (handle_token(handle) if handle else None, phone_token(phone) if phone else None)
    return " ".join(chain(_indexed(name), filter(None, marked)))


def places_text(title: str | None) -> str:
    """Return what the index keeps of a conversation."""
    return " ".join(_indexed(title))


def handle_token(handle: str) -> str:
    """Return the token of a whole handle, given without its @."""
    return "@@" + "".join(fold(handle).split())[:_LONGEST_TOKEN]


def phone_token(phone: str) -> str:
    """Return the token of a whole phone number in international form."""
    return "+" + "".join(filter(str.isdigit, phone))[:_LONGEST_TOKEN]


def _indexed(*texts: str | None) -> list[str]:
    found: list[str] = []
    for text in texts:
        if text:
            found += tokens(text)
    return found[:_MOST_TOKENS]


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
    for first, second in pairwise(run):
        yield first + second
    yield run[-1]


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
