"""Tells in a reader's language what code below the pages told in English, and perhaps stored: alarms, failures.

Stored rows keep their English, which API and commands tell; `phrases/` has the forms, and each in another language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from msgspec import Struct

from veilleur.wording import refusals
from veilleur.wording.languages import Language, load_texts, written_date, written_moment, written_number
from veilleur.wording.spans import SPAN_SENTENCES

_LONGEST: Final = 1_000
_MOST_JOINTS: Final = 20
"""What is longer, or joined of more, is told as it is: devices may have a say in it, and every form is tried."""
_REMEMBERED: Final = 2_048
_CODES: Final = "codes"
_COUNT: Final = "count"
_HOLE: Final = re.compile(r"\{(\w+)\}|%\((\w+)\)s")
_SENTENCES: Final = frozenset({"why", "why_then", "held", "owner", "place", "spans", "silent", "usual"})
_NUMBERS: Final = frozenset({_COUNT, "total"})
_MOMENT: Final = "at"
_NUMERIC: Final = r"-?[\d,.]+"
_WORD: Final = r"[\w.<>-]+"
_SHAPES: Final = {
    **dict.fromkeys((*_NUMBERS, "line", "most", "more", "number", "pid", "seconds", "status"), _NUMERIC),
    **dict.fromkeys(("function", "kind", "signal"), _WORD),
    "channels": r"\w+(?:, \w+)*",
    "member": r"\S+",
}
"""What fills a hole of these names; any other may hold anything."""
_ANYTHING: Final = ".+?"
_PLACE: Final = re.compile(r"\S+")
_NARROW: Final = "\u202f"
_JOINTS: Final = {
    Language.FRENCH: {"; it ": f"{_NARROW}; il ", "; ": f"{_NARROW}; ", ": ": "\u00a0: ", ", ": ", ", " and ": " et "}
}


def retold(text: str, language: Language) -> str | None:
    """Return a text that was told in English in this language; None where nobody has translated it."""
    if language is Language.ENGLISH:
        return text
    found = _reading(text, language) if len(text) <= _LONGEST else None
    return None if found is None else found.told


class _Reading(Struct, frozen=True):
    """One way to read a text: how it is told, and how many of its characters stay as they were."""

    told: str
    left: int


class _Form(Struct, frozen=True):
    """A sentence with holes as English says it, and as another language does, of one and of several."""

    english: re.Pattern[str]
    sign: str
    told: tuple[str, str]

    def read(self, text: str) -> dict[str, str] | None:
        """Return what fills the holes, None where the text is another sentence."""
        found = self.english.fullmatch(text) if self.sign in text else None
        return None if found is None else found.groupdict()


class _Book(Struct, frozen=True):
    forms: tuple[_Form, ...]
    codes: Mapping[str, str]


@lru_cache(_REMEMBERED)
def _reading(text: str, language: Language) -> _Reading | None:
    """Return the reading that leaves least as it was: a name may hold anything, the next sentence too."""
    readings = [*_sentences(text, language), *_coded(text, language), *_joined(text, language)]
    return min(readings, key=lambda one: one.left, default=None)


def _sentences(text: str, language: Language) -> Iterator[_Reading]:
    for form in _book(language).forms:
        if (found := form.read(text)) is not None:
            filled = {name: _filled(name, value, language) for name, value in found.items()}
            is_of_several = found.get(_COUNT, "1") not in {"0", "1"}
            told = form.told[is_of_several].format(**{name: one.told for name, one in filled.items()})
            yield _Reading(told, sum(one.left for one in filled.values()))


def _coded(text: str, language: Language) -> Iterator[_Reading]:
    """Yield what a list of codes says, where all are known."""
    codes, names = _book(language).codes, text.split(", ")
    if all(name in codes for name in names):
        yield _Reading(", ".join(codes[name] for name in names), 0)


def _joined(text: str, language: Language) -> Iterator[_Reading]:
    """Yield what two sentences or more say that were joined, or one after the place that it is about."""
    joints = _JOINTS[language]
    found = list(re.finditer("|".join(map(re.escape, joints)), text))
    for joint in found if len(found) <= _MOST_JOINTS else ():
        before, after = text[: joint.start()], text[joint.end() :]
        head = min(_sentences(before, language), key=lambda one: one.left, default=_place(before))
        tail = None if head is None else _reading(after, language)
        if head is not None and tail is not None:
            yield _Reading(head.told + joints[joint[0]] + tail.told, head.left + tail.left)


def _place(text: str) -> _Reading | None:
    return _Reading(text, len(text)) if _PLACE.fullmatch(text) else None


def _filled(name: str, value: str, language: Language) -> _Reading:
    as_it_is = _Reading(value, len(value))
    if name in _SENTENCES:
        return _reading(value, language) or as_it_is
    if name == _CODES:
        codes = _book(language).codes
        return _Reading(", ".join(codes.get(one, one) for one in value.split(", ")), 0)
    if name in _NUMBERS and value.replace(",", "").isdecimal():
        return _Reading(written_number(int(value.replace(",", "")), language), 0)
    moment = _moment(value, language) if name == _MOMENT else None
    return as_it_is if moment is None else _Reading(moment, 0)


def _moment(value: str, language: Language) -> str | None:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    if len(value) == len(date.min.isoformat()):
        return written_date(at, language)
    written = written_moment(at if at.tzinfo else at.replace(tzinfo=UTC), language, UTC)
    return f"{written} UTC" if at.tzinfo else written


@cache
def _book(language: Language) -> _Book:
    path = files("veilleur.wording") / "phrases" / f"told_{language}.toml"
    sections: dict[str, dict[str, str | list[str]]] = tomllib.loads(path.read_text("utf-8"))
    codes = {code: str(told) for code, told in sections.pop(_CODES).items()}
    pairs = [pair for section in sections.values() for pair in section.items()]
    return _Book(tuple(_form(english, told) for english, told in (*pairs, *_of_catalogue(language))), codes)


def _of_catalogue(language: Language) -> Iterator[tuple[str, str]]:
    """Yield what stands in the catalogue of all pages, and may stand in what is told below them too."""
    told = load_texts(language).gettext
    refused = (text for name, text in vars(refusals).items() if name.isupper() and isinstance(text, str))
    for text in (*refused, *SPAN_SENTENCES):
        yield text, told(text)


def _form(english: str, told: str | list[str]) -> _Form:
    few, many = (told, told) if isinstance(told, str) else told
    parts = _HOLE.split(english)
    literals = parts[::3]
    names = [braced or percent for braced, percent in zip(parts[1::3], parts[2::3], strict=True)]
    holes = (f"(?P<{name}>{_SHAPES.get(name, _ANYTHING)})" for name in names)
    pattern = "".join(map("".join, zip(map(re.escape, literals), (*holes, ""), strict=True)))
    return _Form(re.compile(pattern, re.DOTALL), max(literals, key=len), (_braced(few), _braced(many)))


def _braced(told: str) -> str:
    return re.sub(r"%\((\w+)\)s", r"{\1}", told)
