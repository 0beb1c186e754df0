"""What is asked of an export: its format and dialect, and what its file says of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from veilleur.model.coverage import Completeness
from veilleur.model.export import Dialect, ExportFormat
from veilleur.model.mention import Mention

MEDIA_TYPES: Final = {
    ExportFormat.CSV: "text/csv; charset=utf-8; header=present",
    ExportFormat.JSONL: "application/jsonl",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.PARQUET: "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What a file is made from besides the mentions; `zone` is the reader's, `completeness` is asked at the end."""

    query: str
    zone: tzinfo
    asked_at: datetime
    completeness: Callable[[], Completeness]
    dialect: Dialect = Dialect.STANDARD


Chunks = Callable[[Iterable[Mention], ExportRequest], Iterator[bytes]]
"""Yields a file piece by piece while mentions are read; an empty piece only says that the work goes on."""


def file_name(format: ExportFormat, asked_at: datetime) -> str:  # noqa: A002 - the flag's name
    """Return what a downloaded export is called."""
    return f"veilleur-mentions-{asked_at:%Y-%m-%d}.{format}"
