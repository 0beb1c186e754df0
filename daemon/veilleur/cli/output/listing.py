"""A list of records in the format that was asked for: a table, one JSON object, JSON lines or CSV."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from itertools import islice
from typing import Any, BinaryIO, Final, Generic, TypeVar

from rich.console import RenderableType

from veilleur.cli.output.csv_rows import write_csv
from veilleur.cli.output.terminal import result_console
from veilleur.model.coverage import Completeness
from veilleur.model.wire import completeness_fields, dump_line

_Record = TypeVar("_Record")
_TABLE_ROWS: Final = 200


class OutputFormat(StrEnum):
    """What `--format` names."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Listing(Generic[_Record]):
    """How one kind of record is listed.

    `name` is its key in a JSON object, `fields` gives the names that the API uses, `columns` are those of the
    CSV, `table` draws some records for a terminal of a width in a zone, `rows_in_table` at once. `flat` gives the CSV's
    values where they are not the fields with the names of their parts (`actor_name`).
    """

    name: str
    fields: Callable[[_Record], dict[str, Any]]
    columns: Sequence[str]
    table: Callable[[Sequence[_Record], tzinfo, int], RenderableType]
    rows_in_table: int = _TABLE_ROWS
    flat: Callable[[_Record], Mapping[str, Any]] | None = None

    def write(
        self,
        format: OutputFormat,  # noqa: A002 - the flag's name
        records: Iterable[_Record],
        zone: tzinfo,
        completeness: Callable[[], Completeness] | None = None,
    ) -> None:
        """Write the records to standard output, as they come: memory stays flat however many there are.

        `completeness` is asked where the format tells it: of one JSON object, which is without it for what no tablet
        hears.
        """
        match format:
            case OutputFormat.TABLE:
                self._write_tables(iter(records), zone)
            case OutputFormat.JSON:
                _write_json(self.name, map(self.fields, records), completeness, sys.stdout.buffer)
            case OutputFormat.JSONL:
                _write_json_lines(map(self.fields, records), sys.stdout.buffer)
            case OutputFormat.CSV:
                write_csv(self.columns, map(self.flat or self.fields, records), sys.stdout)

    def _write_tables(self, records: Iterator[_Record], zone: tzinfo) -> None:
        console = result_console()
        while some := list(islice(records, self.rows_in_table)):
            console.print(self.table(some, zone, console.width))


def _write_json_lines(records: Iterable[dict[str, Any]], out: BinaryIO) -> None:
    out.writelines(dump_line(fields) + b"\n" for fields in records)


def _write_json(
    name: str, records: Iterable[dict[str, Any]], completeness: Callable[[], Completeness] | None, out: BinaryIO
) -> None:
    out.write(b'{"%s":[' % name.encode())
    separator = b"\n"
    for fields in records:
        out.write(separator + dump_line(fields))
        separator = b",\n"
    told = b"" if completeness is None else b',"completeness":%s' % dump_line(completeness_fields(completeness()))
    out.write(b"\n]%s}\n" % told)
