"""Mentions as an Excel workbook, whose memory stays flat: rows go to a temporary file as they come.

Texts are text cells, never formulas or links. Beyond a sheet's 1,048,576 rows a further sheet goes on; a text beyond a
cell's 32,767 characters is cut, and the last sheet says how many were: CSV, JSON lines and Parquet hold them whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from veilleur.exports.columns import COLUMN_NAMES, Value, flat_values
from veilleur.exports.neutral import begins_formula
from veilleur.exports.request import ExportRequest
from veilleur.model.coverage import CoverageInterval
from veilleur.model.mention import Mention

_MOST_ROWS: Final = 1_048_576
_TOLD_EVERY_ROWS: Final = 1_000
_CHUNK_BYTES: Final = 1 << 18
_EXACT: Final = 10**15
# Excel's calendar has an invented 29 February 1900 and nothing before it.
_FIRST_YEAR: Final = 1901
_INTERVAL_COLUMNS: Final = CoverageInterval.__struct_fields__
_CUT: Final = -2


def workbook_chunks(
    mentions: Iterable[Mention], asked: ExportRequest, *, most_rows: int = _MOST_ROWS
) -> Iterator[bytes]:
    """Yield empty pieces while rows are written, then the workbook; a sheet has `most_rows`, its head among them."""
    with (
        TemporaryDirectory(prefix="veilleur-xlsx-") as folder,
        TemporaryFile() as file,
        _workbook(file, folder) as workbook,
    ):
        sheets = _Sheets(workbook, asked.zone, most_rows)
        for number, mention in enumerate(mentions, 1):
            sheets.add(mention)
            if number % _TOLD_EVERY_ROWS == 0:
                yield b""
        sheets.close(asked)
        workbook.close()
        file.seek(0)
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


@contextmanager
def _workbook(file: IO[bytes], folder: str) -> Iterator[Workbook]:
    """Yield a workbook, and close what its sheets have open, which it does itself only where all went well."""
    workbook = Workbook(file, {"constant_memory": True, "tmpdir": folder})
    workbook.use_zip64()
    try:
        yield workbook
    finally:
        for sheet in workbook.worksheets():
            sheet.row_data_fh.close()


class _Sheets:
    """The sheets of mentions, and at the end the one that says what the export is and could not see."""

    def __init__(self, workbook: Workbook, zone: tzinfo, most_rows: int) -> None:
        self._workbook = workbook
        self._zone = zone
        self._most_rows = most_rows
        self._bold = workbook.add_format({"bold": True})
        self._instant = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._inert = workbook.add_format({"quote_prefix": True})
        self._count = self._cut = self._row = 0
        self._sheet = self._new_sheet("mentions", COLUMN_NAMES)

    def add(self, mention: Mention) -> None:
        """Write one row, on a further sheet where this one is full."""
        if self._row == self._most_rows:
            self._sheet = self._new_sheet(f"mentions {len(self._workbook.worksheets()) + 1}", COLUMN_NAMES)
        for column, value in enumerate(flat_values(mention)):
            if value is not None:
                self._write(column, value)
        self._row += 1
        self._count += 1

    def close(self, asked: ExportRequest) -> None:
        """Write the last sheet."""
        completeness = asked.completeness()
        facts: tuple[tuple[str, Value], ...] = (
            ("query", asked.query or "every mention"),
            ("asked_at", asked.asked_at),
            ("zone of the times", _zone_name(asked)),
            ("mentions", self._count),
            ("texts cut at 32,767 characters", self._cut),
            ("devices tell what they did not see", completeness.known),
            ("further intervals", completeness.omitted),
            *((f"not told whole: {one.cause}", one.count) for one in completeness.shortfalls),
        )
        self._sheet = self._new_sheet("coverage", ("fact", "value"))
        for fact in facts:
            self._add_row(fact)
        self._row += 1
        self._add_row(tuple(f"not seen: {name}" for name in _INTERVAL_COLUMNS))
        for interval in completeness.intervals:
            self._add_row(tuple(getattr(interval, name) for name in _INTERVAL_COLUMNS))

    def _new_sheet(self, name: str, heads: tuple[str, ...]) -> Worksheet:
        sheet = self._workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self._bold)
        self._row = 1
        return sheet

    def _add_row(self, values: tuple[Value, ...]) -> None:
        for column, value in enumerate(values):
            if value is not None:
                self._write(column, value)
        self._row += 1

    def _write(self, column: int, value: Value) -> None:
        match value:
            case bool():
                self._sheet.write_boolean(self._row, column, value)
            case datetime() if value.astimezone(self._zone).year >= _FIRST_YEAR:
                local = value.astimezone(self._zone).replace(tzinfo=None)
                self._sheet.write_datetime(self._row, column, local, self._instant)
            case float() | int() if abs(value) < _EXACT:
                self._sheet.write_number(self._row, column, value)
            case _:
                self._write_text(column, value.isoformat() if isinstance(value, datetime) else str(value))

    def _write_text(self, column: int, text: str) -> None:
        style: Format | None = self._inert if begins_formula(text) else None
        self._cut += self._sheet.write_string(self._row, column, text, style) == _CUT


def _zone_name(asked: ExportRequest) -> str:
    return (
        "UTC"
        if asked.zone is UTC
        else getattr(asked.zone, "key", None) or str(asked.asked_at.astimezone(asked.zone).tzname())
    )
