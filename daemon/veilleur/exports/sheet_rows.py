"""Rows of a worksheet as XML (ECMA-376 part 1, 18.3.1): nearly all the work of a workbook, so it is done here.

XlsxWriter's own cells take seven times as long, and it takes a text of the form `<r>…</r>` for rich text of its own:
a stranger's words would put cells and formulas into the sheet, or make it unreadable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

from msgspec import Struct
from xlsxwriter.utility import xl_col_to_name

from veilleur.exports.columns import Value
from veilleur.exports.neutral import begins_formula

_LONGEST_TEXT: Final = 32_767
_EXACT: Final = 10**15
# Excel's calendar has an invented 29 February 1900 and nothing before it.
_FIRST_YEAR: Final = 1901
_DAY_ZERO: Final = datetime(1899, 12, 30).toordinal()  # noqa: DTZ001 - a calendar's day, of no zone
_DAY_S: Final = 86_400
_NEEDS_CARE: Final = re.compile(r"^\s|[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|\s\Z")
_ESCAPE_LIKE: Final = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_IN_XML: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class Styles(Struct, frozen=True):
    """The numbers of a workbook's styles, as cells name them: heads, times, texts that begin like formulas."""

    bold: int
    instant: int
    inert: int


class RowWriter:
    """Makes rows, times in `zone`; `cut` counts the texts that were longer than a cell may hold."""

    def __init__(self, styles: Styles, zone: tzinfo) -> None:
        self._zone = zone
        self._bold = f' s="{styles.bold}"'
        self._instant = f' s="{styles.instant}"'
        self._inert = f' s="{styles.inert}"'
        self._columns: list[str] = []
        self.cut = 0

    def heads(self, row: int, names: Sequence[str]) -> str:
        """Return a row of names."""
        cells = (
            self._text(f"{at}{row}", name, self._bold)
            for at, name in zip(self._letters(len(names)), names, strict=False)
        )
        return f'<row r="{row}">{"".join(cells)}</row>'

    def values(self, row: int, values: Sequence[Value]) -> str:
        """Return a row, counted from 1; an unknown value has no cell."""
        cells = [
            self._cell(f"{at}{row}", value)
            for at, value in zip(self._letters(len(values)), values, strict=False)
            if value is not None
        ]
        return f'<row r="{row}">{"".join(cells)}</row>'

    def _letters(self, count: int) -> list[str]:
        while len(self._columns) < count:
            self._columns.append(xl_col_to_name(len(self._columns)))
        return self._columns

    def _cell(self, at: str, value: str | float | datetime) -> str:
        if isinstance(value, str):
            return self._text(at, value, self._inert if begins_formula(value) else "")
        if isinstance(value, bool):
            return f'<c r="{at}" t="b"><v>{value:d}</v></c>'
        if isinstance(value, datetime):
            local = value.astimezone(self._zone)
            if local.year < _FIRST_YEAR:
                return self._text(at, value.isoformat(), "")
            return f'<c r="{at}"{self._instant}><v>{_serial(local):.16G}</v></c>'
        if abs(value) < _EXACT:
            return f'<c r="{at}"><v>{value:.16G}</v></c>'
        return self._text(at, str(value), "")

    def _text(self, at: str, text: str, style: str) -> str:
        if len(text) > _LONGEST_TEXT // 2:
            text = self._short(text)
        if _NEEDS_CARE.search(text) is None:
            return f'<c r="{at}"{style} t="inlineStr"><is><t>{text}</t></is></c>'
        return f'<c r="{at}"{style} t="inlineStr"><is><t xml:space="preserve">{_escaped(text)}</t></is></c>'

    def _short(self, text: str) -> str:
        """Return as much of a text as a cell holds, which counts units of UTF-16 and is never left with half a sign."""
        units = text.encode("utf-16-le")
        if len(units) <= 2 * _LONGEST_TEXT:
            return text
        self.cut += 1
        return units[: 2 * _LONGEST_TEXT].decode("utf-16-le", "ignore")


def _serial(local: datetime) -> float:
    """Return a local time in days of Excel's calendar."""
    second = local.hour * 3_600 + local.minute * 60 + local.second + local.microsecond / 1_000_000
    return local.toordinal() - _DAY_ZERO + second / _DAY_S


def _escaped(text: str) -> str:
    """Return a text as XML holds it, with the workbook's own escapes (18.4.12, ST_Xstring) for what XML cannot hold."""
    kept = _ESCAPE_LIKE.sub(r"_x005F_\1", text)
    kept = _NOT_IN_XML.sub(lambda sign: f"_x{ord(sign.group()):04X}_", kept)
    return kept.translate(_IN_XML)
