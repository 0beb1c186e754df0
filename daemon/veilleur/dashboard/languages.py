"""The pages' languages: which one a visitor reads, its texts, and how it writes numbers."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final

_NARROW_SPACE: Final = "\u202f"


class Language(StrEnum):
    """A language of the interface."""

    ENGLISH = "en"
    FRENCH = "fr"


def preferred_language(accept_language: str, asked: str | None = None) -> Language:
    """Return the language asked for, else the best that an Accept-Language header names, else English."""
    if asked in set(Language):
        return Language(asked)
    known = [(weight, tag) for tag, weight in _weighed(accept_language) if tag in set(Language)]
    return Language(max(known, key=lambda one: one[0])[1]) if known else Language.ENGLISH


def load_texts(language: Language) -> dict[str, Any]:
    """Return a language's texts by name."""
    return tomllib.loads((files("veilleur.dashboard") / "texts" / f"{language}.toml").read_text("utf-8"))


def written_number(number: int, language: Language) -> str:
    """Return a number as the language groups its digits."""
    grouped = f"{number:,}"
    return grouped.replace(",", _NARROW_SPACE) if language is Language.FRENCH else grouped


def _weighed(accept_language: str) -> list[tuple[str, float]]:
    """Return primary tags and weights (RFC 9110, 12.5.4); what cannot be read weighs nothing."""
    found: list[tuple[str, float]] = []
    for part in accept_language.split(","):
        tag, _, weight = part.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        found.append((primary, _weight(weight.strip().removeprefix("q="))))
    return [one for one in found if one[1] > 0]


def _weight(text: str) -> float:
    try:
        return min(float(text), 1.0) if text else 1.0
    except ValueError:
        return 0.0
