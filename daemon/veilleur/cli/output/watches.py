"""How watches, and when a condition on one would have told somebody, are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.zones import shown_minute
from veilleur.model.condition import Telling
from veilleur.model.watch import WatchOverview, WatchVersion
from veilleur.model.wire import telling_fields, watch_overview_fields, watch_version_fields

_WATCH_COLUMNS: Final = (
    "watch_name",
    "watch_query",
    "watch_zone",
    "watch_description",
    "unread_count",
    "unread_is_more",
    "problem",
    "watch_version",
    "watch_changed_by",
    "watch_changed_at",
    "watch_archived_at",
)


def watch_table(watches: Sequence[WatchOverview], _zone: tzinfo, _width: int) -> Table:
    """Draw watches with how much is new in each."""
    table = bare_table()
    table.add_column("Name", overflow="fold")
    table.add_column("New", justify="right", no_wrap=True)
    table.add_column("Query", overflow="fold", ratio=1)
    for one in watches:
        new = f"{one.unread.count:,}{'+' if one.unread.is_more else ''}"
        table.add_row(cell(one.watch.name), "archived" if one.watch.archived_at else new, cell(one.watch.query))
    return table


def telling_table(tellings: Sequence[Telling], zone: tzinfo, _width: int) -> Table:
    """Draw when somebody would have been told, and of how many mentions."""
    table = bare_table()
    table.add_column("When", no_wrap=True)
    table.add_column("Mentions", justify="right")
    table.add_column("The last of them", overflow="fold")
    for telling in tellings:
        table.add_row(shown_minute(telling.at, zone), f"{telling.evidence_count:,}", cell(telling.last_mention_id))
    return table


def version_table(versions: Sequence[WatchVersion], zone: tzinfo, _width: int) -> Table:
    """Draw what a watch asked, who wrote that and when."""
    table = bare_table()
    table.add_column("Version", justify="right")
    table.add_column("Written", no_wrap=True)
    table.add_column("By", overflow="fold")
    table.add_column("Name", overflow="fold")
    table.add_column("Query", overflow="fold", ratio=1)
    for one in versions:
        written = (str(one.version), shown_minute(one.changed_at, zone), cell(one.changed_by))
        table.add_row(*written, cell(one.name), cell(one.query))
    return table


WATCHES: Final = Listing("watches", watch_overview_fields, _WATCH_COLUMNS, watch_table)
VERSIONS: Final = Listing(
    "versions",
    watch_version_fields,
    ("version", "name", "query", "zone", "description", "changed_by", "changed_at"),
    version_table,
)
TELLINGS: Final = Listing(
    "tellings", telling_fields, ("at", "evidence_count", "first_mention_id", "last_mention_id"), telling_table
)
