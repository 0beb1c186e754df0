"""`veilleur export`: every mention of a query as one file, or the raw log to be replayed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, tzinfo
from functools import cache, partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Final, TypeVar

import typer
from msgspec import Struct

from veilleur.cli import wiring
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, InUtc, PublicOnly, Server, ServerToken
from veilleur.cli.output.holes import say_holes
from veilleur.cli.output.progress_bar import progress_bar
from veilleur.cli.output.terminal import say
from veilleur.cli.output.whole_file import require_free_name, whole_file
from veilleur.cli.store_access import opened_desk, opened_project
from veilleur.cli.zones import viewer_zone
from veilleur.model.desk import Desk
from veilleur.model.errors import QueryError
from veilleur.model.export import Dialect, ExportFormat
from veilleur.model.listing import RawFilter
from veilleur.model.scope import Scope
from veilleur.query.window import read_window

if TYPE_CHECKING:
    from veilleur.store.database import Database

EXAMPLES: Final = examples(
    ("veilleur export --output mentions.csv", "Every mention, private ones included; the ending tells the format"),
    (
        "veilleur export 'since:30d platform:tiktok' --public --format csv --dialect excel-fr -o mois.csv",
        "A month of TikTok for Excel in French",
    ),
    ("veilleur export '#ratp OR grève' -o grève.xlsx", "A workbook, with a sheet that says what was not seen"),
    ("veilleur export --format jsonl | jq -r .body", "To another program"),
    ("veilleur export --raw -o log.jsonl", "The raw log: `veilleur replay log.jsonl` makes the same mentions of it"),
    ("veilleur export --raw --since 7d --device salle-1 -o week.jsonl", "A week of one tablet"),
    ("veilleur export --format parquet -o mentions.parquet --force", "For pandas, DuckDB … in the file's place"),
)
_BINARY: Final = frozenset({ExportFormat.XLSX, ExportFormat.PARQUET})
_TOLD_EVERY: Final = 500
_Counted = TypeVar("_Counted")

_Words = Annotated[
    list[str] | None,
    typer.Argument(metavar="QUERY", show_default=False, help="As of `veilleur mentions`; none: every mention."),
]
_Format = Annotated[
    ExportFormat | None,
    typer.Option("--format", "-f", show_default=False, help="Else what the file's ending says, else csv."),
]
_Dialect = Annotated[
    Dialect,
    typer.Option("--dialect", help="Of CSV: excel-fr has ; and a byte order mark, local dates, decimal commas."),
]
_Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", show_default=False, help="Else standard output.")
]
_Raw = Annotated[bool, typer.Option("--raw", help="The notifications as they were stored, for `veilleur replay`.")]
_Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="WHEN", show_default=False, help="Of --raw: received from here on: 7d, 2026-11-20."
    ),
]
_Until = Annotated[
    str | None, typer.Option("--until", metavar="WHEN", show_default=False, help="Of --raw: received before this.")
]
_Device = Annotated[
    str | None, typer.Option("--device", metavar="NAME", show_default=False, help="Of --raw: only this device's.")
]
_Force = Annotated[bool, typer.Option("--force", help="Replace a file of that name.")]


class Wish(Struct, frozen=True):
    """Which mentions are asked for, and as what."""

    query: str
    format: ExportFormat
    dialect: Dialect
    zone: tzinfo


class Destination(Struct, frozen=True):
    """Where a file goes: `path` None is standard output."""

    path: Path | None
    may_replace: bool

    def opened(self) -> AbstractContextManager[IO[bytes]]:
        """Return what is written to."""
        return whole_file(self.path, may_replace=self.may_replace)

    def told(self, what: str) -> None:
        """Say what the file holds, to the person who named one."""
        if self.path is not None:
            say(f"{self.path}: {what}")


def export(  # noqa: PLR0913 - a command's parameters are its options
    query: _Words = None,
    *,
    format: _Format = None,  # noqa: A002 - the flag's name
    dialect: _Dialect = Dialect.STANDARD,
    output: _Output = None,
    force: _Force = False,
    raw: _Raw = False,
    since: _Since = None,
    until: _Until = None,
    device: _Device = None,
    public: PublicOnly = False,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Write every mention of a query to a file, with the columns that docs/reference/export-columns.md describes.

    With --raw: the raw log, from which `veilleur replay` makes the same mentions with the same ids in another database.
    The file is there when it is whole: after Ctrl+C nothing stands under its name. In CSV a cell that a spreadsheet
    would calculate begins with an apostrophe: take one away to have the exact text.
    """
    where = Destination(output, force)
    if output is not None:
        require_free_name(output, may_replace=force)
    zone = viewer_zone(is_utc=utc)
    if raw:
        _refuse_with_raw(query, format, dialect)
        if server is not None:
            raise typer.BadParameter("--raw reads the log of this machine: run it on the server, without --server")
        part = _part(since, until, device, zone)
        with opened_project(data_dir, database_url) as (database, own):
            _export_raw(database, Scope(own.project, may_read_private=not public), part, where)
        return
    if since or until or device:
        raise typer.BadParameter(
            "--since, --until and --device are of --raw: write since:7d or device:NAME in the query"
        )
    wish = Wish(" ".join(query or ()), _chosen_format(format, dialect, output), dialect, zone)
    with opened_desk(data_dir, database_url, server, token, is_public=public) as desk:
        _export_mentions(desk, wish, where)


def _export_mentions(desk: Desk, wish: Wish, where: Destination) -> None:
    written: int | None = None
    total = cache(partial(desk.mentions.total, wish.query, wish.zone))
    with where.opened() as file, progress_bar("Exporting") as show:

        def tell(done: int) -> None:
            nonlocal written
            written = done
            show(done, max(total(), done))

        file.writelines(desk.exports.mentions(wish.query, wish.zone, wish.format, wish.dialect, tell=tell))
    where.told("written" if written is None else f"{written:,} mentions")
    say_holes(desk.mentions.unseen(wish.query, wish.zone))


def _export_raw(database: Database, scope: Scope, part: RawFilter, where: Destination) -> None:
    total = wiring.total_stored(database, scope, part)
    with where.opened() as file, progress_bar("Exporting") as show:
        file.writelines(_counted(wiring.raw_lines(database, scope, part), total, show))
    where.told(f"{total:,} notifications")


def _refuse_with_raw(query: list[str] | None, format: ExportFormat | None, dialect: Dialect) -> None:  # noqa: A002 - the flag's name
    if query or format not in {None, ExportFormat.JSONL} or dialect is not Dialect.STANDARD:
        raise typer.BadParameter(
            "--raw writes one format and takes no query: choose with --since, --until and --device"
        )


def _part(since: str | None, until: str | None, device: str | None, zone: tzinfo) -> RawFilter:
    try:
        window = read_window(since=since, until=until, now=datetime.now(UTC), zone=zone)
    except QueryError as error:
        raise typer.BadParameter(f"expected {error.expected}", param_hint="--since, --until") from error
    return RawFilter(since_at=window.since_at, until_at=window.until_at, device=device)


def _chosen_format(format: ExportFormat | None, dialect: Dialect, output: Path | None) -> ExportFormat:  # noqa: A002 - the flag's name
    chosen = format or _format_of(output)
    if dialect is not Dialect.STANDARD and chosen is not ExportFormat.CSV:
        raise typer.BadParameter(f"--dialect {dialect} is of CSV: leave it out for {chosen}")
    if output is None and chosen in _BINARY and sys.stdout.isatty():
        raise typer.BadParameter(f"{chosen} is nothing to look at in a terminal: name a file with --output")
    return chosen


def _format_of(output: Path | None) -> ExportFormat:
    ending = output.suffix.removeprefix(".").lower() if output else ""
    if not ending:
        return ExportFormat.CSV
    if ending not in list(ExportFormat):
        formats = ", ".join(ExportFormat)
        raise typer.BadParameter(f".{ending} is no format: end the file's name with one of {formats}, or give --format")
    return ExportFormat(ending)


def _counted(records: Iterable[_Counted], total: int, show: Callable[[int, int], None]) -> Iterator[_Counted]:
    for number, record in enumerate(records, 1):
        yield record
        if number % _TOLD_EVERY == 0:
            show(number, max(total, number))
