"""How feeds are listed: never with their links, which are kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.zones import shown_minute
from veilleur.model.feed import WatchFeed
from veilleur.model.wire import feed_fields

_COLUMNS: Final = WatchFeed.__struct_fields__


def feed_table(feeds: Sequence[WatchFeed], zone: tzinfo, _width: int) -> Table:
    """Draw feeds with what each shows, and whether its link still opens it."""
    table = bare_table()
    for header in ("Id", "Watch", "Shows", "Made by", "Link of", "State"):
        table.add_column(header)
    for feed in feeds:
        shows = "private too" if feed.may_read_private else "public"
        state = "open" if feed.revoked_at is None else "revoked"
        renewed = shown_minute(feed.renewed_at, zone)
        table.add_row(str(feed.id), cell(feed.watch), shows, cell(feed.made_by), renewed, state)
    return table


FEEDS: Final = Listing("feeds", feed_fields, _COLUMNS, feed_table)
