"""Completes the word of a query that the caret stands at: fields, and the values that a field can take."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct

from veilleur.model.kinds import MentionKind, Visibility
from veilleur.model.spoken import N_
from veilleur.query.expression import Part, State
from veilleur.query.fields import FIELDS
from veilleur.query.quotations import straightened_as_typed
from veilleur.wording.words import worded

MOST_SUGGESTIONS: Final = 12
_WORD: Final = re.compile(r"[^\s()\"]*$")
_REST: Final = re.compile(r"[^\s()\"]*")
_HASHTAG: Final = "#"
_MEANINGS: Final[Mapping[str, str]] = {
    "platform": N_("where it happened"),
    "kind": N_("comment, message, like …"),
    "lang": N_("language of the words"),
    "region": N_("country of a phone number"),
    "from": N_("name, @handle or +number"),
    "in": N_("conversation's title"),
    "visibility": N_("public, private or group"),
    "has": N_("link, photo, hashtag …"),
    "is": N_("deleted, edited …"),
    "device": N_("the device that saw it"),
    "app": N_("package of the app"),
    "count": N_("number that it states"),
    "others": N_("how many others"),
    "confidence": N_("how sure it was read"),
    "since": N_("from then on"),
    "until": N_("until then"),
    "on": N_("that day"),
    "tag": N_("tag that people gave"),
    "tone": N_("tonality"),
}
_TIMES: Final = ("today", "yesterday", "24h", "7d", "30d")
_CHOICES: Final[Mapping[str, Iterable[str]]] = {
    "has": tuple(Part),
    "is": tuple(State),
    "since": _TIMES,
    "until": _TIMES,
    "on": _TIMES[:2],
}
_WORDED: Final[Mapping[str, type[StrEnum]]] = {"kind": MentionKind, "visibility": Visibility}

KnownValues = Callable[[str], Iterable[str]]
"""Returns the values of a field that are stored, the most frequent first; of `#` the hashtags."""


class Suggestion(Struct, frozen=True, kw_only=True):
    """What the text from `start` to `end` may become, and what that means (None: it speaks for itself)."""

    start: int
    end: int
    insert: str
    meaning: str | None


def complete(text: str, at: int, known: KnownValues) -> list[Suggestion]:
    """Return what may be meant at a caret, which stands after the `at`-th character."""
    marked = straightened_as_typed(text)
    before = marked[: max(0, min(at, len(text)))]
    word = _WORD.search(before)
    if word is None or before.count('"') % 2:
        return []
    start, typed = word.start(), word[0].removeprefix("-")
    start += len(word[0]) - len(typed)
    rest = _REST.match(marked, len(before))
    end = len(before) if rest is None else rest.end()
    found = _suggested(typed, known)
    return [
        Suggestion(start=start, end=end, insert=insert, meaning=meaning)
        for insert, meaning in found
        if insert != text[start:end]
    ][:MOST_SUGGESTIONS]


def _suggested(typed: str, known: KnownValues) -> Iterator[tuple[str, str | None]]:
    if typed.startswith(_HASHTAG):
        sought = typed[1:].casefold()
        yield from ((f"#{tag} ", None) for tag in known(_HASHTAG) if tag.casefold().startswith(sought))
        return
    field, colon, value = typed.partition(":")
    if not colon:
        yield from ((f"{name}:", _MEANINGS.get(name)) for name in FIELDS if name.startswith(field.lower()))
        return
    listed, comma, last = value.rpartition(",")
    head = f"{field}:{listed}{comma}"
    for one, meaning in _values(field.lower(), known):
        if one.casefold().startswith(last.casefold()):
            yield f"{head}{one} ", meaning


def _values(field: str, known: KnownValues) -> Iterator[tuple[str, str | None]]:
    if field in _WORDED:
        yield from ((one.value, worded(one)) for one in _WORDED[field])
    elif field in _CHOICES:
        yield from ((str(one), None) for one in _CHOICES[field])
    elif field in FIELDS:
        yield from ((one, None) for one in known(field))
