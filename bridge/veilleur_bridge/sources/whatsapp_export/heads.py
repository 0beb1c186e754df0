"""The first line of a message: date, time and what follows them, as Android (`… - `) and iOS (`[…] `) write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from veilleur_bridge.sources.whatsapp_export import clock_words
from veilleur_bridge.sources.whatsapp_export.dates import Numbers

_MARKS: Final = "[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]*"
_DATE: Final = (
    rf"(?P<one>\d{{1,4}}){_MARKS}(?P<sign>\s?[./-]\s?|년\s?|年){_MARKS}(?P<two>\d{{1,2}}){_MARKS}(?:\s?[./-]\s?|월\s?|月)"
    rf"{_MARKS}(?P<three>\d{{1,4}}){_MARKS}[.일日]?"
)
_TIME: Final = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
_MOMENT: Final = rf"{_DATE}(?P<before>[^\d\[\]]{{1,24}}?){_TIME}(?P<after>[^\d\[\]-]{{0,24}}?)"
_HEAD: Final = re.compile(
    rf"{_MARKS}(?:\[{_MARKS}{_MOMENT}\](?P<bracketed>)\s?|{_MOMENT.replace('(?P<', '(?P<a_')}\s[-–]\s)(?P<rest>.*)",
    re.DOTALL,
)
_PARTS: Final = ("one", "sign", "two", "three", "before", "hour", "minute", "second", "after")
_QUOTES: Final = '"“”„«»'
_OPENINGS: Final = frozenset("[0123456789")


@dataclass(frozen=True, slots=True)
class Head:
    """The numbers of a date in the file's order, those of a time with the words beside it, and the rest of the line."""

    date: Numbers
    sign: str
    clock: Numbers
    words: str
    is_bracketed: bool
    rest: str


def read_head(line: str) -> Head | None:
    """Return the head that a line begins with, None where it goes on with the message before it."""
    start = line[:1]
    if start not in _OPENINGS and start.isascii():
        return None
    match = _HEAD.match(line)
    if match is None:
        return None
    is_bracketed = match["bracketed"] is not None
    one, sign, two, three, before, hour, minute, second, after = (
        match[name if is_bracketed else f"a_{name}"] for name in _PARTS
    )
    if not (clock_words.is_known(before) and clock_words.is_known(after)):
        return None
    words = before if clock_words.is_half_of_the_day(before) else after
    return Head(
        date=(int(one), int(two), int(three)),
        sign=sign,
        clock=(int(hour), int(minute), int(second or 0)),
        words=words,
        is_bracketed=is_bracketed,
        rest=match["rest"],
    )


def split_sender(rest: str) -> tuple[str | None, str]:
    """Return who wrote and what; None where the app itself speaks (`… created group "Name: place"`)."""
    sender, colon, text = rest.partition(": ")
    if not colon:
        sender, colon, text = rest.rpartition(":")
        if len(text) > 1:
            return None, rest
    is_within_quotes = sum(sender.count(quote) for quote in _QUOTES) % 2
    if not colon or not sender.strip() or is_within_quotes:
        return None, rest
    return sender, text
