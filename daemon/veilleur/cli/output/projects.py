"""How projects are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.model.project import Project
from veilleur.model.wire import project_fields

CSV_COLUMNS: Final = ("id", "name", "created_at", "devices", "watch_count", "mention_count")


def project_table(projects: Sequence[Project], _zone: tzinfo, _width: int) -> Table:
    """Draw projects with what each holds."""
    table = bare_table()
    for header in ("Id", "Name", "Devices", "People", "Watches", "Mentions"):
        table.add_column(header)
    for one in projects:
        people = ", ".join(f"{person.name} ({person.standing.role})" for person in one.people)
        held = (cell(", ".join(one.devices) or "–"), cell(people or "–"))
        table.add_row(one.id, cell(one.name), *held, f"{one.watch_count:,}", f"{one.mention_count:,}")
    return table


PROJECTS: Final = Listing("projects", project_fields, CSV_COLUMNS, project_table)
