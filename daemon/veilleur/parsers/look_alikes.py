"""Letters that pass for others: words of two scripts, and marks that a name hides."""

from __future__ import annotations

import re
from typing import Final

from veilleur.model.kinds import TextFlag
from veilleur.parsers.plaintext import clean_name

# Those letters of Unicode's confusables.txt (UTS 39) that a reader takes for a Latin one.
_CYRILLIC: Final = "АВЕЅІЈКМНОРСТУХаеорсухѕіјһԁԛԝ"
_GREEK: Final = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυ"
_PASSES_FOR_LATIN: Final = re.compile(f"[{_CYRILLIC}{_GREEK}]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f]")
_NOT_LATIN: Final = re.compile("[^A-Za-z\u00c0-\u024f]")
_HIDING: Final = "\u00ad\u200b\u202d\u202e\u2060-\u2064\ufeff"
_HIDES: Final = re.compile(f"[{_HIDING}]")
_SPACES: Final = re.compile("[\u00a0\u2007\u2009\u202f]")


def hides_marks(text: str) -> bool:
    """Whether marks part the text or turn it around unseen.

    U+200E and U+200F are ordinary beside Arabic and Hebrew, and U+2066 … U+2069 around any name.
    """
    return not text.isascii() and _HIDES.search(text) is not None


def passes_for_another(text: str) -> bool:
    """Whether a word of Latin letters holds some of another script that look like Latin ones, and no others."""
    if text.isascii() or _PASSES_FOR_LATIN.search(text) is None:
        return False
    return any(_is_mixed(word) for word in _WORD.findall(text))


def name_flags(name: str, shown: str) -> tuple[TextFlag, ...]:
    """Return what to know of a name; `shown` is the raw text that it was read out of, marks and all."""
    if name.isascii() and shown.isascii():
        return ()
    flags = (TextFlag.NAME_LOOK_ALIKES,) if passes_for_another(name) else ()
    return (TextFlag.NAME_INVISIBLE_MARKS, *flags) if hides_marks(name) or _is_parted(name, shown) else flags


def _is_parted(name: str, shown: str) -> bool:
    """Whether marks stood inside a name that are gone from it; around a name they are ordinary."""
    if name in _SPACES.sub(" ", shown):
        return False
    return name in clean_name(shown)


def _is_mixed(word: str) -> bool:
    others = _NOT_LATIN.findall(word)
    return bool(others) and _LATIN.search(word) is not None and all(map(_PASSES_FOR_LATIN.match, others))
