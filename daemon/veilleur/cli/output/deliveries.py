"""How receivers, their subscriptions and deliveries are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.zones import shown_minute
from veilleur.model.delivery import Delivery, Receiver, Subscription
from veilleur.model.wire import delivery_fields, receiver_fields, subscription_fields

_RECEIVER_COLUMNS: Final = ("name", "project", "kind", "address", "failure_count", "rests_until_at", "waiting_count")
_SUBSCRIPTION_COLUMNS: Final = ("id", "receiver", "watch", "query", "zone", "with_private", "made_by", "created_at")
_DELIVERY_COLUMNS: Final = ("id", "receiver", "state", "severity", "alert_id", "mention_id", "queued_at", "ended_at")


def _receiver_table(receivers: Sequence[Receiver], zone: tzinfo, _width: int) -> Table:
    table = bare_table()
    for header in ("Name", "Address", "Waiting", "Failures in a row", "Rests until"):
        table.add_column(header)
    for one in receivers:
        rests = "" if one.rests_until_at is None else shown_minute(one.rests_until_at, zone)
        table.add_row(cell(one.name), cell(one.address), str(one.waiting_count), str(one.failure_count), rests)
    return table


def _subscription_table(subscriptions: Sequence[Subscription], _zone: tzinfo, _width: int) -> Table:
    table = bare_table()
    for header in ("Number", "Receiver", "Watch or query", "Private"):
        table.add_column(header)
    for one in subscriptions:
        asked = f"watch {one.watch}" if one.watch is not None else one.query or ""
        table.add_row(str(one.id), cell(one.receiver), cell(asked), "yes" if one.with_private else "no")
    return table


def _delivery_table(deliveries: Sequence[Delivery], zone: tzinfo, _width: int) -> Table:
    table = bare_table()
    for header in ("Queued", "Delivery", "Receiver", "State", "Attempts", "Last error"):
        table.add_column(header)
    for one in deliveries:
        error = next((attempt.error for attempt in reversed(one.attempts) if attempt.error), "")
        count = str(len(one.attempts))
        queued = shown_minute(one.queued_at, zone)
        table.add_row(queued, one.id, cell(one.receiver), one.state, count, cell(error or ""))
    return table


RECEIVERS: Final = Listing("receivers", receiver_fields, _RECEIVER_COLUMNS, _receiver_table)
SUBSCRIPTIONS: Final = Listing("subscriptions", subscription_fields, _SUBSCRIPTION_COLUMNS, _subscription_table)
DELIVERIES: Final = Listing("deliveries", delivery_fields, _DELIVERY_COLUMNS, _delivery_table)
