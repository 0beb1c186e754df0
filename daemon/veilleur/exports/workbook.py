"""Mentions as an Excel workbook, whose memory stays flat: rows go to a temporary file as they come.

Texts are text cells, never formulas or links. Beyond a sheet's 1,048,576 rows a further sheet goes on; a text beyond a
cell's 32,767 characters is cut, and the last sheet says how many were: CSV, JSON lines and Parquet hold them whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, tzinfo
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from veilleur.exports.columns import COLUMN_NAMES, Value, flat_values
from veilleur.exports.request import ExportRequest
from veilleur.exports.sheet_rows import RowWriter, Styles
from veilleur.model.coverage import CoverageInterval
from veilleur.model.mention import Mention

_MOST_ROWS: Final = 1_048_576
_TOLD_EVERY_ROWS: Final = 1_000
_CHUNK_BYTES: Final = 1 << 18
_INTERVAL_COLUMNS: Final = CoverageInterval.__struct_fields__


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
        self._most_rows = most_rows
        formats = ({"bold": True}, {"num_format": "yyyy-mm-dd hh:mm:ss"}, {"quote_prefix": True})
        self._rows = RowWriter(Styles(*(_style(workbook.add_format(one)) for one in formats)), zone)
        self._count = self._row = 0
        self._sheet = self._new_sheet("mentions", COLUMN_NAMES)

    def add(self, mention: Mention) -> None:
        """Write one row, on a further sheet where this one is full."""
        if self._row == self._most_rows:
            self._sheet = self._new_sheet(f"mentions {len(self._workbook.worksheets()) + 1}", COLUMN_NAMES)
        self._add_row(flat_values(mention))
        self._count += 1

    def close(self, asked: ExportRequest) -> None:
        """Write the last sheet."""
        completeness = asked.completeness()
        facts: tuple[tuple[str, Value], ...] = (
            ("query", asked.query or "every mention"),
            ("asked_at", asked.asked_at),
            ("zone of the times", _zone_name(asked)),
            ("mentions", self._count),
            ("texts cut at 32,767 characters", self._rows.cut),
            ("devices tell what they did not see", completeness.known),
            ("further intervals", completeness.omitted),
            *((f"not told whole: {one.cause}", one.count) for one in completeness.shortfalls),
        )
        self._sheet = self._new_sheet("coverage", ("fact", "value"), width=len(_INTERVAL_COLUMNS))
        for fact in facts:
            self._add_row(fact)
        self._row += 1
        self._add_row([f"not seen: {name}" for name in _INTERVAL_COLUMNS])
        for interval in completeness.intervals:
            self._add_row([getattr(interval, name) for name in _INTERVAL_COLUMNS])

    def _new_sheet(self, name: str, heads: tuple[str, ...], *, width: int = 0) -> Worksheet:
        sheet = self._workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        # What XlsxWriter would learn from cells that it is given; readers that go row by row rely on it.
        sheet.dim_rowmin = sheet.dim_colmin = sheet.dim_rowmax = 0
        sheet.dim_colmax = max(width, len(heads)) - 1
        sheet.row_data_fh.write(self._rows.heads(1, heads))
        self._row = 1
        return sheet

    def _add_row(self, values: Sequence[Value]) -> None:
        self._sheet.dim_rowmax = self._row
        self._row += 1
        self._sheet.row_data_fh.write(self._rows.values(self._row, values))


def _style(form: Format) -> int:
    return int(form._get_xf_index())  # noqa: SLF001 - the number that cells name it by; XlsxWriter has no other word for it


def _zone_name(asked: ExportRequest) -> str:
    return (
        "UTC"
        if asked.zone is UTC
        else getattr(asked.zone, "key", None) or str(asked.asked_at.astimezone(asked.zone).tzname())
    )
