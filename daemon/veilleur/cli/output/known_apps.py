"""How the apps that are read are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Final

from rich.console import Group
from rich.table import Table
from rich.text import Text

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import WIDE, bare_table, cell

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


def _tables(known: Sequence[KnownApp], _zone: tzinfo, width: int) -> Group:
    """Draw the apps; what is verified of each is a sentence, with a table of its own where the terminal is narrow."""
    if width >= WIDE:
        return Group(_table(known, is_wide=True))
    return Group(_table(known, is_wide=False), Text(), _verified(known))


def _table(known: Sequence[KnownApp], *, is_wide: bool) -> Table:
    table = bare_table()
    for header in ("Parser", "From", "State"):
        table.add_column(header, overflow="fold")
    for header in ("Own resources", "Seen", "Inferred", "Languages"):
        table.add_column(header, justify="right")
    if is_wide:
        table.add_column("Verified", overflow="fold", ratio=1)
    for one in known:
        counts = (f"{count:,}" for count in (one.own_resources, one.seen, one.inferred, one.languages))
        verified = (cell(one.verified or ""),) if is_wide else ()
        table.add_row(_named(one), cell(one.origin), cell(one.state), *counts, *verified)
    return table


def _verified(known: Sequence[KnownApp]) -> Table:
    table = bare_table()
    table.add_column("Parser", no_wrap=True)
    table.add_column("Verified", overflow="fold", ratio=1)
    for one in known:
        table.add_row(_named(one), cell(one.verified or None))
    return table


def _named(one: KnownApp) -> Text:
    return cell(f"{one.parser} {one.parser_version}")


LISTING: Final = Listing("parsers", _fields, _COLUMNS, _tables)
