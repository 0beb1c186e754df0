"""How scheduled reports are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.zones import shown_minute
from veilleur.model.report_schedule import ReportSchedule
from veilleur.model.wire import report_schedule_fields

_COLUMNS: Final = (
    "id",
    "watch",
    "kind",
    "every",
    "at_minute",
    "zone",
    "language",
    "with_private",
    "receivers",
    "made_by",
    "created_at",
    "due_at",
)


def schedule_table(schedules: Sequence[ReportSchedule], zone: tzinfo, _width: int) -> Table:
    """Draw what is sent when, and to whom."""
    table = bare_table()
    table.add_column("Number", justify="right")
    table.add_column("Watch", overflow="fold")
    table.add_column("What", no_wrap=True)
    table.add_column("To", overflow="fold", ratio=1)
    table.add_column("Next", no_wrap=True)
    for one in schedules:
        draft = one.draft
        what = f"{draft.kind} each {draft.every}, {draft.language}"
        table.add_row(
            str(one.id), cell(draft.watch), what, cell(", ".join(draft.receivers)), shown_minute(one.due_at, zone)
        )
    return table


SCHEDULES: Final = Listing("schedules", report_schedule_fields, _COLUMNS, schedule_table)
