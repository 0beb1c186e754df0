"""Mentions of a query as a file, piece by piece: what CLI, API and clients share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Final, cast

from veilleur.campaigns.origins import Origins
from veilleur.exports.request import Chunks, ExportRequest
from veilleur.model.errors import MissingExtra
from veilleur.model.export import ExportFormat
from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.query.expression import Query
from veilleur.store.database import Database
from veilleur.store.mentions import every_mention

_MAKERS: Final = {
    ExportFormat.CSV: ("veilleur.exports.csv_text", "csv_chunks"),
    ExportFormat.JSONL: ("veilleur.exports.json_lines", "json_line_chunks"),
    ExportFormat.XLSX: ("veilleur.exports.workbook", "workbook_chunks"),
    ExportFormat.PARQUET: ("veilleur.exports.parquet", "parquet_chunks"),
}


def exported_mentions(database: Database, scope: Scope, query: Query) -> Iterator[Mention]:
    """Yield every mention of a query as readers see it, the newest first, a page at a time."""
    return Origins(database, scope).told(every_mention(database, scope, query))


def export_chunks(format: ExportFormat, mentions: Iterable[Mention], asked: ExportRequest) -> Iterator[bytes]:  # noqa: A002 - the flag's name
    """Return the pieces of a file; raises MissingExtra where this format's library is not installed."""
    return _maker(format)(mentions, asked)


def _maker(format: ExportFormat) -> Chunks:  # noqa: A002 - the flag's name
    home, name = _MAKERS[format]
    try:
        return cast("Chunks", getattr(import_module(home), name))
    except ModuleNotFoundError as error:
        message = f"{format} needs {error.name}, which is not installed: pip install 'veilleur[{format}]'"
        raise MissingExtra(message) from error
