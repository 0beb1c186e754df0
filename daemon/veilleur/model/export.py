"""In what form mentions are exported."""

from __future__ import annotations

from enum import StrEnum


class ExportFormat(StrEnum):
    """The formats of flat exports; each is also the ending of its files."""

    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"
    PARQUET = "parquet"


class Dialect(StrEnum):
    """For whom CSV is written: programs (RFC 4180, times in UTC), or Excel in French."""

    STANDARD = "standard"
    EXCEL_FR = "excel-fr"
