"""Options that several commands share, and the settings that they override."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from veilleur.cli.output.listing import OutputFormat

_WHERE = "Where the data is"
_MAX_LIMIT: Final = 10_000
_TABLE_LIMIT: Final = 20

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="FOLDER",
        rich_help_panel=_WHERE,
        show_default=False,
        help="The data folder (else VEILLEUR_DATA_DIR).",
    ),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        metavar="URL",
        rich_help_panel=_WHERE,
        show_default=False,
        help="sqlite:///FILE or postgresql+psycopg://… (else VEILLEUR_DATABASE_URL).",
    ),
]
Server = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="URL",
        rich_help_panel=_WHERE,
        show_default=False,
        help="Ask this server instead, such as https://veille.example.org (else VEILLEUR_SERVER).",
    ),
]
ServerToken = Annotated[
    str | None,
    typer.Option(
        "--token",
        metavar="TOKEN",
        rich_help_panel=_WHERE,
        show_default=False,
        help="Its token (else VEILLEUR_TOKEN, which this machine's process list does not show).",
    ),
]
Format = Annotated[
    OutputFormat,
    typer.Option("--format", "-f", help="A table to read; json, jsonl or csv for programs (times in UTC)."),
]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        "-n",
        min=1,
        max=_MAX_LIMIT,
        show_default=False,
        help="At most so many (else 20 in a table, all for programs).",
    ),
]
Everything = Annotated[bool, typer.Option("--all", help="Every one, in a table too.")]
PublicOnly = Annotated[bool, typer.Option("--public", help="Leave out what is private or of a group.")]
InUtc = Annotated[bool, typer.Option("--utc", help="Show and read times in UTC, not in this machine's zone.")]


def chosen_limit(format: OutputFormat, limit: int | None, *, everything: bool) -> int | None:  # noqa: A002 - the flag's name
    """Return how many records to show, None for all of them: only a table is cut without being asked."""
    if everything and limit is not None:
        raise typer.BadParameter("--all has no limit: leave out one of --all and --limit")
    is_cut = format is OutputFormat.TABLE and not everything
    return limit or (_TABLE_LIMIT if is_cut else None)
