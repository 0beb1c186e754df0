"""How the wordings that the parsers know are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell

if TYPE_CHECKING:
    from veilleur.parsers.inventory import KnownWordings

_COLUMNS: Final = ("parser", "parser_version", "kind", "evidence", "wordings", "languages")


def _fields(known: KnownWordings) -> dict[str, Any]:
    return {name: getattr(known, name) for name in _COLUMNS}


def _table(known: Sequence[KnownWordings], _zone: tzinfo, _width: int) -> Table:
    table = bare_table()
    for header in ("Parser", "Kind", "Evidence"):
        table.add_column(header, overflow="fold")
    table.add_column("Wordings", justify="right")
    table.add_column("Languages", overflow="fold")
    for one in known:
        parser = f"{one.parser} {one.parser_version}"
        table.add_row(cell(parser), cell(one.kind), one.evidence, f"{one.wordings:,}", cell(" ".join(one.languages)))
    return table


LISTING: Final = Listing("parsers", _fields, _COLUMNS, _table)
