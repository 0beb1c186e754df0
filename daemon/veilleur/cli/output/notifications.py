"""How raw notifications are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from rich.table import Table
from rich.text import Text

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import WIDE, bare_table, cell, stack
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


def notification_table(rows: Sequence[NotificationRow], zone: tzinfo, width: int) -> Table:
    """Draw raw notifications with what became of each; on a narrow terminal two columns stand in one."""
    is_wide = width >= WIDE
    table = bare_table()
    table.add_column("Id", justify="right", no_wrap=True)
    table.add_column("Received", no_wrap=is_wide, overflow="fold")
    for header in ("Device", "App", "Outcome", "Reason") if is_wide else ("App", "Outcome"):
        table.add_column(header, overflow="fold")
    table.add_column("Mentions", justify="right")
    for row in rows:
        received, device = Text(shown_minute(row.received_at, zone)), cell(row.device)
        app, outcome, reason = cell(row.package), cell(row.outcome.value), cell(row.reason)
        about: tuple[Text, ...] = (received, device, app, outcome, reason)
        if not is_wide:
            about = (stack(received, device), app, stack(outcome, reason) if row.reason else outcome)
        table.add_row(str(row.id), *about, str(len(row.mention_ids)))
    return table


NOTIFICATIONS: Final = Listing("notifications", notification_fields, CSV_COLUMNS, notification_table)
