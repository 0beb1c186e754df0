"""The end of a file that was cut: whether its last line, which no newline ends, is the beginning of a message's head.

It is compared with a head of the same file, piece by piece: numbers with numbers of as many digits and possible values,
signs with the same signs, the half of the day with any half. What one cannot tell from a head's beginning (a last
line `12`) counts as one: a file that WhatsApp wrote whole ends its last line.
"""

from __future__ import annotations

import re
from typing import Final

from veilleur_bridge.sources.log_format import DateOrder
from veilleur_bridge.sources.whatsapp_export import clock_words
from veilleur_bridge.sources.whatsapp_export.dates import greatest_numbers
from veilleur_bridge.sources.whatsapp_export.heads import Head

_MARKS: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]+")
_PIECES: Final = re.compile(r"\d+|\D+")
_HALF_A_CHARACTER: Final = "\ufffd"
_FEWEST_DIGITS: Final = 2
_GREATEST_TIME: Final = (24, 59, 59)


def is_cut_head(line: str, model: str, words: str, order: DateOrder) -> bool:
    """Whether a line begins a head as `model` is one, `words` beside its time and its date in this order."""
    mine, theirs = (_PIECES.findall(_MARKS.sub("", text)) for text in (line.rstrip(_HALF_A_CHARACTER), model))
    if len(mine) > len(theirs):
        return False
    greatest = iter((*greatest_numbers(order), *_GREATEST_TIME))
    for place, (piece, other) in enumerate(zip(mine, theirs, strict=False)):
        is_last = place == len(mine) - 1
        if other[0].isdigit():
            is_like = piece.isdigit() and len(piece) <= max(_FEWEST_DIGITS, len(other)) and int(piece) <= next(greatest)
        else:
            is_like = _is_sign_like(piece, other, words, is_last=is_last)
        if not is_like:
            return False
    return True


def lacks_sender(head: Head) -> bool:
    """Whether the line ends before the `: ` that follows who wrote; the app's own notices have none either."""
    return ": " not in head.rest


def _is_sign_like(piece: str, other: str, words: str, *, is_last: bool) -> bool:
    if piece == other or (is_last and other.startswith(piece)):
        return True
    if not clock_words.is_half_of_the_day(words) or words.strip() not in other:
        return False
    before, after = other.split(words.strip(), 1)
    if is_last:
        return before.startswith(piece) or (
            piece.startswith(before) and clock_words.begins_half_of_the_day(piece.removeprefix(before), after)
        )
    inner = piece.removeprefix(before).removesuffix(after)
    return piece == f"{before}{inner}{after}" and clock_words.is_half_of_the_day(inner)
