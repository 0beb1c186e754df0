"""How raw notifications are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.zones import shown_minute
from veilleur.model.listing import NotificationRow
from veilleur.model.wire import notification_fields

CSV_COLUMNS: Final = (
    "id",
    "envelope_id",
    "device",
    "epoch",
    "seq",
    "package",
    "received_at",
    "outcome",
    "reason",
    "mention_ids",
)


def notification_table(rows: Sequence[NotificationRow], zone: tzinfo, _width: int) -> Table:
    """Draw raw notifications with what became of each."""
    table = bare_table()
    table.add_column("Id", justify="right", no_wrap=True)
    table.add_column("Received", no_wrap=True)
    for header in ("Device", "App", "Outcome", "Reason"):
        table.add_column(header, overflow="fold")
    table.add_column("Mentions", justify="right")
    for row in rows:
        about = (cell(row.device), cell(row.package), cell(row.outcome.value), cell(row.reason))
        table.add_row(str(row.id), shown_minute(row.received_at, zone), *about, str(len(row.mention_ids)))
    return table


NOTIFICATIONS: Final = Listing("notifications", notification_fields, CSV_COLUMNS, notification_table)
