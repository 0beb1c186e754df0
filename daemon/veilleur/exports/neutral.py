"""Text of other people made inert in CSV, where a spreadsheet guesses what each cell is.

A guarded cell gets one apostrophe in front; a text that begins with an apostrophe gets one too, so that taking one
leading apostrophe away always gives the exact text back.
"""

from __future__ import annotations

import re
from typing import Final

_FORMULA_STARTS: Final = tuple("=+-@\t\r\n＝＋－＠'")
# What Excel and LibreOffice in French turn into a number, a date, a time, a percentage, money or a logical value.
_NUMBER_LIKE: Final = re.compile(
    r"[\s\d.,:/()%€$£+\-–−]*\d[\s\d.,:/()%€$£+\-–−]*(?:[eE][+-]?\d+)?\s*(?:h|min|s|am|pm)?\s*"
)
_MONTH: Final = (
    r"(?:jan(?:v|vier|uary)?|f[eé]v(?:r|rier)?|feb(?:ruary)?|mar(?:s|ch)?|avr(?:il)?|apr(?:il)?|mai|may|juin|june?"
    r"|juil(?:let)?|july?|ao[uû]t?|aug(?:ust)?|sept?(?:embre|ember)?|oct(?:obre|ober)?|nov(?:embre|ember)?"
    r"|d[eé]c(?:embre|ember)?)"
)
# A month without a number is a word, and Marie or Octave only begins like one.
_DATE_LIKE: Final = re.compile(
    rf"(?=.*\d)(?:(?:lun|mar|mer|jeu|ven|sam|dim)\w*[.,]?\s+)?(?:\d{{1,4}}[\s./-]*)?{_MONTH}\.?"
    r"(?:[\s./,-]*\d{1,4})*(?:(?:\s+|(?<=\d)T)\d\S*)?",
    re.IGNORECASE,
)
_LOGICAL: Final = frozenset({"vrai", "faux", "true", "false"})
_LONGEST_TYPED: Final = 64


def begins_formula(text: str) -> bool:
    """Tell whether a spreadsheet might calculate a cell that begins like this."""
    return text.startswith(_FORMULA_STARTS)


def neutral(text: str) -> str:
    """Return `text` as a cell that no spreadsheet calculates."""
    return f"'{text}" if begins_formula(text) else text


def untyped(text: str) -> str:
    """Return `text` as a cell that a French spreadsheet neither calculates nor takes for a number, date or time."""
    return f"'{text}" if begins_formula(text) or _is_typed(text) else text


def _is_typed(text: str) -> bool:
    if len(text) > _LONGEST_TYPED:
        return False
    bare = text.strip()
    return bool(_NUMBER_LIKE.fullmatch(bare) or _DATE_LIKE.fullmatch(bare)) or bare.lower() in _LOGICAL
