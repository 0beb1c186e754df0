"""Numbers as apps write them: `1,240`, `1 240`, `1,2 k`, `25M+`, `12 тыс.`, `1万`: Babel's tables inverted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from babel import Locale, UnknownLocaleError

from veilleur.parsers.languages import FALLBACK_LANGUAGE
from veilleur.parsers.linear import escape

_DIGITS: Final = r"[0-9]+(?:[ .,'][0-9]+)*"
_NUMBER: Final = re.compile(rf"({_DIGITS}) ?([^0-9+]*?)\+?")
# Written by the apps themselves, whatever Babel's tables say of the language.
_EVERYWHERE: Final = {"k": 1_000, "m": 1_000_000, "mio": 1_000_000, "b": 1_000_000_000, "md": 1_000_000_000}
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:[ .,'][0-9]{2,3})*[ .,'][0-9]{3}")
_LONGEST: Final = 24
_WIDTHS: Final = ("short", "long")


def number_pattern(language: str) -> str:
    """Return the expression of a number in this language's plain texts."""
    longest_first = sorted(_scales(language), key=len, reverse=True)
    return rf"{_DIGITS}(?: ?(?i:{'|'.join(map(escape, longest_first))})\.?)?\+?"


def read_number(text: str, language: str = FALLBACK_LANGUAGE) -> int | None:
    """Return the number that a plain text states, None where it states none.

    A separator before exactly three digits groups thousands, unless a scale (`1,234 M`) follows.
    """
    match = _NUMBER.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if match is None:
        return None
    scale = _scales(language).get(match[2].strip().rstrip(".").lower()) if match[2] else 1
    if scale is None:
        return None
    return _read_whole(match[1]) if scale == 1 else _read_scaled(match[1], scale)


@cache
def _scales(language: str) -> Mapping[str, int]:
    """Return what follows a compact number, in lower case without its full stop, and what it multiplies by."""
    return {**_EVERYWHERE, **_babel_scales(FALLBACK_LANGUAGE), **_babel_scales(language)}


def _babel_scales(language: str) -> dict[str, int]:
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return {}
    scales: dict[str, int] = {}
    for width in _WIDTHS:
        for forms in (locale.compact_decimal_formats.get(width) or {}).values():
            for power, form in forms.items():
                suffix = _suffix(form.pattern)
                if suffix:
                    scales.setdefault(suffix, int(power) // 10 ** (form.pattern.count("0") - 1))
    return scales


def _suffix(pattern: str) -> str:
    """Return `тыс` for `00 тыс'.'`, the empty text for a form that has its digits in the middle."""
    shown = pattern.replace("\u00a0", " ").replace("'", "")
    return shown.lstrip("0").strip().rstrip(".").lower() if shown.startswith("0") else ""


def _read_scaled(digits: str, scale: int) -> int:
    whole, _, fraction = re.sub("[ ']", "", digits).replace(",", ".").rpartition(".")
    if not whole:
        return int(fraction) * scale
    return int(whole.replace(".", "") + fraction) * scale // int("1" + "0" * len(fraction))


def _read_whole(digits: str) -> int | None:
    if digits.isdecimal():
        return int(digits)
    return int(re.sub("[^0-9]", "", digits)) if _GROUPED.fullmatch(digits) else None
