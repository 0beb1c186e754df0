"""How people are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any, Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.zones import shown_minute
from veilleur.model.people import Person
from veilleur.model.wire import instant_text

CSV_COLUMNS: Final = ("name", "project", "role", "may_read_private", "has_password", "created_at")


def person_fields(person: Person) -> dict[str, Any]:
    """Return the person as written to JSON and CSV."""
    return {
        "name": person.name,
        "project": person.project,
        "role": person.standing.role.value,
        "may_read_private": person.standing.may_read_private,
        "has_password": person.has_password,
        "created_at": instant_text(person.created_at),
    }


def person_table(people: Sequence[Person], zone: tzinfo, _width: int) -> Table:
    """Draw people with what they may do."""
    table = bare_table()
    for header in ("Name", "Role", "Private", "Added", "State"):
        table.add_column(header)
    for person in people:
        reads, state = person.standing.may_read_private, person.has_password
        added = shown_minute(person.created_at, zone)
        told = ("yes" if reads else "no", added, "has a password" if state else "link not opened yet")
        table.add_row(cell(person.name), person.standing.role, *told)
    return table


PEOPLE: Final = Listing("people", person_fields, CSV_COLUMNS, person_table)
