"""How devices are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.zones import shown_minute
from veilleur.model.listing import Device
from veilleur.model.wire import device_fields

CSV_COLUMNS: Final = (
    "name",
    "project",
    "label",
    "is_paired",
    "first_seen_at",
    "last_received_at",
    "notification_count",
)


def device_table(devices: Sequence[Device], zone: tzinfo, _width: int) -> Table:
    """Draw devices; one without an account is only heard of."""
    table = bare_table()
    for header in ("Device", "Label", "Account", "First seen", "Last received"):
        table.add_column(header)
    table.add_column("Notifications", justify="right")
    for device in devices:
        times = (shown_minute(device.first_seen_at, zone), shown_minute(device.last_received_at, zone))
        account = "paired" if device.is_paired else "unpaired"
        table.add_row(cell(device.name), cell(device.label or "–"), account, *times, f"{device.notification_count:,}")
    return table


DEVICES: Final = Listing("devices", device_fields, CSV_COLUMNS, device_table)
