"""How the watch plan is listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any, Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.zones import shown_minute
from veilleur.model.plan import PlanStanding
from veilleur.model.plan_csv import COLUMNS
from veilleur.model.wire import plan_fields


def _plan_table(plan: Sequence[PlanStanding], zone: tzinfo, _width: int) -> Table:
    table = bare_table()
    for header in ("Kind", "What", "Device", "Last", "To look at"):
        table.add_column(header, overflow="fold")
    for one in plan:
        last = "never" if one.last_at is None else shown_minute(one.last_at, zone)
        entry = one.entry
        table.add_row(*map(cell, (entry.kind.value, entry.target, entry.device, last, one.silence)))
    return table


def _flat(standing: PlanStanding) -> dict[str, Any]:
    fields = plan_fields(standing)
    entry: dict[str, Any] = fields.pop("entry")
    return entry | fields


PLAN: Final = Listing(
    "plan", plan_fields, (*COLUMNS, "last_at", "silence", "tag_url", "alerts_query"), _plan_table, flat=_flat
)
