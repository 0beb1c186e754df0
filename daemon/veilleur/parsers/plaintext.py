"""The words of a notification made plain for matching, and the way back to the words as shown.

Plain means: NFC, direction marks gone, no-break spaces as spaces, typographic apostrophes straight, digits of every
script as 0 to 9.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final

from msgspec import Struct

_MARKS: Final = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_SPACES: Final = "\u00a0\u2007\u2009\u202f"
_TO_NAME: Final = str.maketrans(_SPACES, " " * len(_SPACES), _MARKS)
# Zero of each script that a number is likely to be written in; its other digits follow in order.
_ZEROS: Final = (
    "\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\u0e50\u0ed0\u0f20\u1040\u17e0\uff10"
)
_TO_PLAIN: Final = str.maketrans(
    dict.fromkeys(_SPACES, " ")
    | dict.fromkeys(_MARKS)
    | {chr(ord(zero) + digit): str(digit) for zero in _ZEROS for digit in range(10)}
    | {"’": "'", "\u066b": ".", "\u066c": ","},
)
_UNUSUAL: Final = re.compile(f"[{_MARKS}{_SPACES}’\u0660-\uff19]")
LONGEST_WORDING: Final = 5_120  # Notification.MAX_CHARSEQUENCE_LENGTH: Android cuts every text there
# One text is asked about in several places of one reading, and names come by again and again.
_REMEMBERED_TEXTS: Final = 2_048
_CLUSTER: Final = re.compile(
    # What NFC may join: Hangul letters of one syllable, also across direction marks, else a character and the marks
    # after it.
    f"[\u1100-\u1112](?:[{_MARKS}]*[\u1161-\u1175](?:[{_MARKS}]*[\u11a8-\u11c2])?)?"
    f"|[\uac00-\ud7a3](?:[{_MARKS}]*[\u11a8-\u11c2])?|.",
    re.DOTALL,
)


Span = tuple[int, int]


class Alignment(StrEnum):
    """How the characters of a plain text stand to those shown."""

    ONE_TO_ONE = "one_to_one"
    MARKS_REMOVED = "marks_removed"
    COMPOSED = "composed"


class Plain(Struct, frozen=True):
    """A text as shown (`raw`, trimmed), made plain (`text`), and that in UTF-8 (`data`).

    `lead` counts the plain characters trimmed off the start: what a direction mark had sheltered.
    """

    raw: str
    text: str
    data: bytes
    alignment: Alignment = Alignment.ONE_TO_ONE
    lead: int = 0


@lru_cache(_REMEMBERED_TEXTS)
def make_plain(shown: str) -> Plain:
    """Return the text with its plain form, which is empty for a text that no wording can be as long as.

    A lone surrogate becomes `?` in the plain form.
    """
    raw = shown.strip()
    if len(raw) > LONGEST_WORDING:
        return Plain(raw, "", b"")
    if raw.isascii():
        return Plain(raw, raw, raw.encode())
    text = _replace_unusual(raw) if _UNUSUAL.search(raw) else raw
    alignment = Alignment.ONE_TO_ONE if len(text) == len(raw) else Alignment.MARKS_REMOVED
    if not unicodedata.is_normalized("NFC", text):
        text, alignment = unicodedata.normalize("NFC", text), Alignment.COMPOSED
    trimmed = text.strip()
    lead = len(text) - len(text.lstrip()) if trimmed != text else 0
    return Plain(raw, trimmed, trimmed.encode("utf-8", "replace"), alignment, lead)


def _replace_unusual(text: str) -> str:
    return text.translate(_TO_PLAIN)


def as_shown(plain: Plain, spans: Sequence[Span]) -> list[str | None]:
    """Return what was shown for byte spans of the plain text, trimmed; None for an empty or absent one."""
    if plain.text == plain.raw:
        return [_decode(plain.data[start:end]).strip() or None for start, end in spans]
    starts, ends = _places(plain)
    return [_slice_shown(plain, span, starts, ends) if span[0] >= 0 else None for span in spans]


@lru_cache(_REMEMBERED_TEXTS)
def clean_name(shown: str) -> str:
    """Return a name without direction marks, its no-break spaces plain, trimmed; everything else stays."""
    return shown.strip() if shown.isascii() else shown.translate(_TO_NAME).strip()


def _slice_shown(plain: Plain, span: Span, starts: Sequence[int], ends: Sequence[int]) -> str | None:
    first = len(_decode(plain.data[: span[0]])) + plain.lead
    last = first + len(_decode(plain.data[span[0] : span[1]]))
    raw_start = ends[first - 1] if first else 0
    raw_end = starts[last] if last < len(starts) else len(plain.raw)
    return plain.raw[raw_start:raw_end].strip() or None


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _places(plain: Plain) -> tuple[Sequence[int], Sequence[int]]:
    """Return where in the text shown each character of the untrimmed plain text starts and ends."""
    raw = plain.raw
    if plain.alignment is Alignment.COMPOSED:
        return _composed_places(raw)
    if plain.alignment is Alignment.ONE_TO_ONE:
        return range(len(raw)), range(1, len(raw) + 1)
    starts = [place for place, character in enumerate(raw) if character not in _MARKS]
    return starts, [place + 1 for place in starts]


def _composed_places(raw: str) -> tuple[list[int], list[int]]:
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(raw):
        length = len(unicodedata.normalize("NFC", _replace_unusual(raw[start:end])))
        if length == end - start:
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
        else:
            starts.extend([start] * length)
            ends.extend([end] * length)
    return starts, ends


def _clusters(raw: str) -> list[Span]:
    spans: list[Span] = []
    for match in _CLUSTER.finditer(raw):
        start, end = match.span()
        if unicodedata.category(raw[start]).startswith("M"):
            start = _base_before(raw, spans, start)
        spans.append((start, end))
    return spans


def _base_before(raw: str, spans: list[Span], start: int) -> int:
    """Take back the clusters that a combining mark joins: direction marks before it, and its base."""
    while spans:
        start, _ = spans.pop()
        if raw[start] not in _MARKS:
            break
    return start
