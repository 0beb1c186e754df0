"""Rows of a workbook as readers of sheets must find them."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from tests.daemon.exports.hostile_mentions import MARKUP, asked, mention
from veilleur.exports.columns import COLUMN_NAMES
from veilleur.exports.sheet_rows import RowWriter, Styles
from veilleur.exports.workbook import workbook_chunks

STYLES = Styles(bold=1, instant=2, inert=3)
PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize("words", MARKUP)
def test_words_that_look_like_marks_of_a_sheet_stay_words(words: str) -> None:
    """Broken line: XlsxWriter's own cells; one text made the formula =1+1 in AZ9, another an unreadable workbook."""
    written = b"".join(workbook_chunks([mention(1, words)], asked()))

    heads, row = openpyxl.load_workbook(io.BytesIO(written))["mentions"].iter_rows()

    assert len(heads) == len(row) == len(COLUMN_NAMES)
    assert row[COLUMN_NAMES.index("body")].value == words
    assert {cell.data_type for cell in row}.isdisjoint({"f", "e"})


@pytest.mark.parametrize("column", [0, 1, 25, 26, 51, 52, 701, 702, 16_383])
def test_columns_have_the_letters_that_sheets_give_them(column: int) -> None:
    row = RowWriter(STYLES, UTC).values(1, [None] * column + [7])

    assert row == f'<row r="1"><c r="{get_column_letter(column + 1)}1"><v>7</v></c></row>'


@pytest.mark.parametrize("month", range(1, 13))
def test_a_time_is_a_day_of_the_calendar_in_the_readers_zone(month: int) -> None:
    at = datetime(2026, month, 28, 23, 59, 59, 123_000, tzinfo=UTC)

    row = RowWriter(STYLES, PARIS).values(7, [at])

    told = float(row.partition("<v>")[2].partition("</v>")[0])
    assert row.startswith('<row r="7"><c r="A7" s="2"><v>')
    assert told == pytest.approx(to_excel(at.astimezone(PARIS).replace(tzinfo=None)), abs=1e-9)
    assert timedelta(days=abs(told - to_excel(at.astimezone(PARIS).replace(tzinfo=None)))) < timedelta(milliseconds=1)


def test_a_cell_ends_before_the_sign_that_it_cannot_hold_whole() -> None:
    """Broken line: counting signs instead of units of UTF-16; the cell then held 32,768 of them, too many for Excel."""
    rows = RowWriter(STYLES, UTC)

    row = rows.values(1, ["a" * 32_766 + "👋"])

    assert "a" * 32_766 + "<" in row
    assert rows.cut == 1


def test_readers_that_go_row_by_row_are_told_how_large_the_sheets_are() -> None:
    """Broken line: the sizes left out; openpyxl, reading row by row, then saw a sheet of one cell."""
    written = b"".join(workbook_chunks([mention(number, "words") for number in range(1, 5)], asked(), most_rows=3))

    book = openpyxl.load_workbook(io.BytesIO(written), read_only=True)

    assert [book[name].max_row for name in ("mentions", "mentions 2")] == [3, 3]
    assert {book[name].max_column for name in ("mentions", "mentions 2")} == {len(COLUMN_NAMES)}
    book.close()
