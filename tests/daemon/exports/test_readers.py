"""Exports opened by the programs that people open them with: every row and every text as it was."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from datetime import datetime
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tests.daemon.exports.hostile_mentions import (
    ESCAPE_LIKE,
    LONG,
    PARIS,
    UNSEEN,
    WORDS_LIKE_MONTHS,
    asked,
    hostile_mentions,
)
from veilleur.exports.columns import COLUMN_NAMES, COLUMNS, ColumnKind, flat_fields, flat_values
from veilleur.exports.csv_text import csv_chunks, standard_cell
from veilleur.exports.json_lines import json_line_chunks
from veilleur.exports.neutral import untyped
from veilleur.exports.parquet import parquet_chunks
from veilleur.exports.workbook import workbook_chunks
from veilleur.model.export import Dialect

SOFFICE = "/usr/bin/soffice"
# Semicolons, quotes, UTF-8, from row 1, French, and every cell guessed at, quoted ones too: as Excel does.
AS_FRENCH = "CSV:59,34,76,1,,1036,false,true"
TEXT_COLUMNS = [column.name for column in COLUMNS if column.kind in {ColumnKind.TEXT, ColumnKind.LIST}]
MENTIONS = hostile_mentions()
Row = dict[str, Any]


def truth() -> list[Row]:
    return [dict(zip(COLUMN_NAMES, flat_values(mention), strict=True)) for mention in MENTIONS]


def unguarded(cell: str) -> str | None:
    return cell.removeprefix("'") or None


def test_pythons_csv_reads_every_text_as_it_was_and_no_cell_begins_a_formula() -> None:
    written = b"".join(csv_chunks(MENTIONS, asked())).decode()

    rows = list(csv.DictReader(io.StringIO(written, newline=""), strict=True))

    assert [{name: unguarded(row[name]) for name in TEXT_COLUMNS} for row in rows] == [
        {name: row[name] for name in TEXT_COLUMNS} for row in truth()
    ]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(tuple("=+-@＝＋－＠\t\r\n"))]
    assert [row["happened_at"] for row in rows] == [standard_cell(mention.happened_at) for mention in MENTIONS]


def test_pandas_reads_csv_with_its_own_parser() -> None:
    written = b"".join(csv_chunks(MENTIONS, asked()))

    table = pd.read_csv(io.BytesIO(written), dtype=str, keep_default_na=False)

    assert list(table.columns) == list(COLUMN_NAMES)
    assert [unguarded(cell) for cell in table["body"]] == [row["body"] for row in truth()]


def test_pandas_reads_json_lines_and_null_is_unknown() -> None:
    written = b"".join(json_line_chunks(MENTIONS, asked()))

    lines = written.decode().split("\n")[:-1]
    table = pd.read_json(io.BytesIO(written), lines=True, dtype=False)

    assert [json.loads(line) for line in lines] == [flat_fields(mention) for mention in MENTIONS]
    assert len(written.decode().splitlines()) == len(MENTIONS)
    assert list(table["body"])[:-1] == [row["body"] for row in truth()][:-1]
    assert json.loads(lines[-1])["body"] is None


def test_pandas_reads_parquet_with_types_and_what_was_not_seen() -> None:
    written = b"".join(parquet_chunks(MENTIONS, asked()))

    table = pd.read_parquet(io.BytesIO(written))

    for column in COLUMNS:
        read = [None if pd.isna(value) else value for value in table[column.name]]
        assert read == [row[column.name] for row in truth()], column.name
    assert str(table["happened_at"].dtype) == "datetime64[ms, UTC]"


def test_openpyxl_reads_texts_as_texts_dates_of_the_zone_and_the_sheet_of_what_was_not_seen() -> None:
    written = b"".join(workbook_chunks(MENTIONS, asked(PARIS)))

    book = openpyxl.load_workbook(io.BytesIO(written))
    heads, *rows = book["mentions"].iter_rows()

    assert [cell.value for cell in heads] == list(COLUMN_NAMES)
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "d", "b", "inlineStr"}
    assert not [cell for row in rows for cell in row if cell.hyperlink or cell.data_type == "f"]
    for cells, row in zip(rows, truth(), strict=True):
        read = {name: cell.value for name, cell in zip(COLUMN_NAMES, cells, strict=True)}
        assert [as_openpyxl_reads(read[name]) for name in TEXT_COLUMNS] == [cut(row[name]) for name in TEXT_COLUMNS]
        local = row["happened_at"].astimezone(PARIS).replace(tzinfo=None)
        assert abs((read["happened_at"] - local).total_seconds()) < 0.01
        assert read["count"] == str(row["count"]), "17 digits would be rounded as a number"
        assert read["deleted"] is row["deleted"]
    told = list(book["coverage"].iter_rows(values_only=True))
    assert ("texts cut at 32,767 characters", 3) in [row[:2] for row in told]
    assert [row[0] for row in told][-1] == UNSEEN.intervals[0].device
    assert told[-1][-1] == "=away"


@pytest.mark.parametrize(
    ("most_rows", "sheets"), [(len(MENTIONS) + 1, 1), (len(MENTIONS), 2), (len(MENTIONS) // 4 + 2, 4)]
)
def test_mentions_beyond_a_full_sheet_go_on_in_a_further_one(most_rows: int, sheets: int) -> None:
    written = b"".join(workbook_chunks(MENTIONS, asked(), most_rows=most_rows))

    book = openpyxl.load_workbook(io.BytesIO(written))
    names = ["mentions", *(f"mentions {number}" for number in range(2, sheets + 1))]
    rows = [list(book[name].iter_rows(values_only=True)) for name in names]

    assert book.sheetnames == [*names, "coverage"]
    assert {sheet[0] for sheet in rows} == {COLUMN_NAMES}
    assert max(map(len, rows)) <= most_rows
    assert [row[0] for sheet in rows for row in sheet[1:]] == [mention.id for mention in MENTIONS]


def as_openpyxl_reads(text: str | None) -> str | None:
    """Undo XML's escapes, which openpyxl leaves in texts of cells."""
    return None if text is None else openpyxl.utils.escape.unescape(text)


def cut(text: str | None) -> str | None:
    return text and text[:32_767]


@pytest.fixture(scope="module")
def opened_in_french(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """Let LibreOffice open the French CSV as somebody in France would, guessing every cell; return what it shows."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "mois.csv").write_bytes(b"".join(csv_chunks(MENTIONS, asked(PARIS, Dialect.EXCEL_FR))))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    convert = [SOFFICE, profile, "--headless", f"--infilter={AS_FRENCH}", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    done = subprocess.run(
        [*convert, "--outdir", str(folder), str(folder / "mois.csv")],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (folder / "mois.xlsx").is_file(), done.stdout + done.stderr
    heads, *rows = openpyxl.load_workbook(folder / "mois.xlsx").active.iter_rows(values_only=True)
    assert list(heads) == list(COLUMN_NAMES)
    return [dict(zip(COLUMN_NAMES, row, strict=True)) for row in rows]


def test_libreoffice_in_french_shows_dates_numbers_and_logical_values_as_such(opened_in_french: list[Row]) -> None:
    for shown, row in zip(opened_in_french, truth(), strict=True):
        local = row["happened_at"].astimezone(PARIS).replace(tzinfo=None, microsecond=0)
        assert isinstance(shown["happened_at"], datetime)
        assert abs((shown["happened_at"] - local).total_seconds()) < 1
        assert shown["confidence"] == 0.75
        assert shown["deleted"] == row["deleted"]
        assert shown["actor_others_count"] == row["actor_others_count"]


def test_libreoffice_in_french_shows_every_text_as_it_was(opened_in_french: list[Row]) -> None:
    wrong = []
    for shown, row in zip(opened_in_french, truth(), strict=True):
        read, told = shown["body"], row["body"]
        if told not in {None, LONG, ESCAPE_LIKE} and plain(as_openpyxl_reads(unguarded(str(read)))) != plain(told):
            wrong.append((told, read))

    assert wrong == []


@pytest.mark.parametrize("text", WORDS_LIKE_MONTHS)
def test_a_name_that_begins_like_a_month_stands_as_it_is(text: str) -> None:
    """Broken line: months told by how they begin; Excel then showed the accounts 'Marie and 'mariette.en.cuisine."""
    assert untyped(text) == text


def plain(text: str | None) -> str:
    """Return a text with its line ends as LibreOffice keeps them in a cell, and without what no cell of it holds."""
    kept = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in kept if sign in "\n\t" or (sign >= " " and sign not in "\x7f\ufffe\uffff"))
