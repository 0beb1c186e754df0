"""Numbers as apps write them: `1,240`, `1 240`, `1,2 k`, `25M+`."""

from __future__ import annotations

import re
from typing import Final

NUMBER_PATTERN: Final = r"[0-9]+(?:[ .,'][0-9]+)*(?: ?(?:[kKmMB]|Md|mio|Mio))?\+?"
_NUMBER: Final = re.compile(r"([0-9]+(?:[ .,'][0-9]+)*) ?([A-Za-z]*)\+?")
_SCALES: Final = {"": 1, "k": 1_000, "m": 1_000_000, "mio": 1_000_000, "b": 1_000_000_000, "md": 1_000_000_000}
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:[ .,'][0-9]{3})+")
_LONGEST: Final = 24


def read_number(text: str) -> int | None:
    """Return the number that a plain text states, None where it states none.

    A separator before exactly three digits groups thousands, unless a scale (`1,234 M`) follows.
    """
    match = _NUMBER.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    scale = _SCALES.get(match[2].lower()) if match else None
    if match is None or scale is None:
        return None
    if scale == 1:
        return _read_whole(match[1])
    digits = re.sub("[ ']", "", match[1]).replace(",", ".")
    whole, _, fraction = digits.rpartition(".")
    if not whole:
        return int(fraction) * scale
    return int(whole.replace(".", "") + fraction) * scale // int("1" + "0" * len(fraction))


def _read_whole(digits: str) -> int | None:
    if digits.isdecimal():
        return int(digits)
    return int(re.sub("[^0-9]", "", digits)) if _GROUPED.fullmatch(digits) else None
