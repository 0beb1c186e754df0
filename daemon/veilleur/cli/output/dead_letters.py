"""How dead letters are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.zones import shown_minute
from veilleur.model.listing import DeadLetter
from veilleur.model.wire import dead_letter_fields

CSV_COLUMNS: Final = ("id", "device", "epoch", "seq", "received_at", "reason", "detail", "size_bytes")


def dead_letter_table(rows: Sequence[DeadLetter], zone: tzinfo, _width: int) -> Table:
    """Draw dead letters with the reason of each."""
    table = bare_table()
    for header in ("Id", "Received"):
        table.add_column(header, no_wrap=True)
    for header in ("Device", "Reason", "Detail", "Bytes"):
        table.add_column(header, overflow="fold")
    for row in rows:
        about = (cell(row.device), cell(row.reason), cell(row.detail), f"{row.size_bytes:,}")
        table.add_row(str(row.id), shown_minute(row.received_at, zone), *about)
    return table


DEAD_LETTERS: Final = Listing("dead_letters", dead_letter_fields, CSV_COLUMNS, dead_letter_table)
