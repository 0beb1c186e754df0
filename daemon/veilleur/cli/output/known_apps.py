"""How the apps that are read are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell

if TYPE_CHECKING:
    from veilleur.parsers.inventory import KnownApp

_COLUMNS: Final = (
    "parser",
    "parser_version",
    "platform",
    "origin",
    "state",
    "packages",
    "own_resources",
    "seen",
    "inferred",
    "languages",
    "verified",
)


def _fields(known: KnownApp) -> dict[str, Any]:
    return {name: getattr(known, name) for name in _COLUMNS}


def _table(known: Sequence[KnownApp], _zone: tzinfo, _width: int) -> Table:
    table = bare_table()
    for header in ("Parser", "From", "State"):
        table.add_column(header, overflow="fold")
    for header in ("Own resources", "Seen", "Inferred", "Languages"):
        table.add_column(header, justify="right")
    table.add_column("Verified", overflow="fold")
    for one in known:
        counts = (f"{count:,}" for count in (one.own_resources, one.seen, one.inferred, one.languages))
        parser, verified = f"{one.parser} {one.parser_version}", one.verified or ""
        table.add_row(cell(parser), cell(one.origin), cell(one.state), *counts, cell(verified))
    return table


LISTING: Final = Listing("parsers", _fields, _COLUMNS, _table)
