"""Mentions as CSV: for programs (RFC 4180, UTF-8), or as Excel in French opens it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from veilleur.exports.columns import COLUMN_NAMES, Value, flat_values
from veilleur.exports.neutral import neutral, untyped
from veilleur.exports.request import ExportRequest
from veilleur.model.export import Dialect
from veilleur.model.mention import Mention
from veilleur.model.wire import instant_text

_ROWS_AT_ONCE: Final = 200
_BYTE_ORDER_MARK: Final = "\ufeff"
_LOGICAL_FR: Final = {True: "VRAI", False: "FAUX"}


def csv_chunks(mentions: Iterable[Mention], asked: ExportRequest) -> Iterator[bytes]:
    """Yield a header and a row for each mention; unknown is an empty cell."""
    is_french = asked.dialect is Dialect.EXCEL_FR
    cell = _french_cell(asked) if is_french else standard_cell
    text = io.StringIO(_BYTE_ORDER_MARK if is_french else "", newline="")
    text.seek(0, io.SEEK_END)
    rows = csv.writer(text, delimiter=";" if is_french else ",")
    rows.writerow(COLUMN_NAMES)
    waiting = iter(mentions)
    while some := list(islice(waiting, _ROWS_AT_ONCE)):
        rows.writerows([cell(value) for value in flat_values(mention)] for mention in some)
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


def standard_cell(value: Value) -> str:
    """Return a value as programs read it: times in UTC, `true` and `false`."""
    match value:
        case None:
            return ""
        case str():
            return neutral(value)
        case bool():
            return str(value).lower()
        case datetime():
            return instant_text(value)
        case _:
            return str(value)


def _french_cell(asked: ExportRequest) -> Callable[[Value], str]:
    zone = asked.zone

    def cell(value: Value) -> str:
        match value:
            case None:
                return ""
            case str():
                return untyped(value)
            case bool():
                return _LOGICAL_FR[value]
            case datetime():
                at = value.astimezone(zone)
                return f"{at.day:02}/{at.month:02}/{at.year:04} {at.hour:02}:{at.minute:02}:{at.second:02}"
            case _:
                return str(value).replace(".", ",")

    return cell
