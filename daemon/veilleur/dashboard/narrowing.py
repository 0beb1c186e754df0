"""Narrows a query by one click: a field and its value are added to the text, or taken out where they stand in it."""

from __future__ import annotations

import re
from typing import Final

from veilleur.query.term_texts import field_text

_TIME_FIELDS: Final = ("since:", "until:", "on:")
_EITHER: Final = re.compile(r"(?:^|\s)OR(?:\s|$)")
HASHTAG: Final = "#"


def term_of(field: str, value: str) -> str:
    """Return what asks for a value of a field, or for a hashtag."""
    return f"#{value}" if field == HASHTAG else field_text(field, value)


def is_narrowed(text: str, term: str) -> bool:
    """Return whether the query holds this term by itself."""
    return re.search(_standing(term), text) is not None


def toggled(text: str, term: str) -> str:
    """Return the query with the term where it was without, and without it where it was with."""
    if is_narrowed(text, term):
        return " ".join(re.sub(_standing(term), " ", text).split())
    return _joined(" ".join(text.split()), term)


def during(text: str, time: str) -> str:
    """Return the query with its times replaced by these."""
    whole = " ".join(word for word in text.split() if not word.lower().startswith(_TIME_FIELDS))
    return _joined(whole, time)


def _joined(whole: str, term: str) -> str:
    return f"({whole}) {term}" if _EITHER.search(whole) else f"{whole} {term}".strip()


def _standing(term: str) -> str:
    return rf"(?<!\S){re.escape(term)}(?!\S)"
