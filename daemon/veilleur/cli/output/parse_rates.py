"""How parse rates are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import Final

from rich.table import Table
from rich.text import Text

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import WIDE, bare_table, cell, stack
from veilleur.model.drift import ParseRate
from veilleur.model.wire import parse_rate_fields

CSV_COLUMNS: Final = ("package", "app_version", "language", "channel", "day_at", "total", "unknown")
_SPACE: Final = Text(" ")


def parse_rate_table(rows: Sequence[ParseRate], _zone: tzinfo, width: int) -> Table:
    """Draw rates by day, which begins and ends in UTC wherever the viewer is; on a narrow terminal an app's in one."""
    is_wide = width >= WIDE
    table = bare_table()
    table.add_column("Day (UTC)", no_wrap=True)
    for header in ("App", "Version", "Language", "Channel") if is_wide else ("App, version and language, channel",):
        table.add_column(header, overflow="fold")
    for header in ("Seen", "Unknown", "Known"):
        table.add_column(header, justify="right", no_wrap=True)
    for row in rows:
        app, version, language = cell(row.package), cell(row.app_version), cell(row.language)
        about = (app, version, language, cell(row.channel))
        shown = about if is_wide else (stack(app, _SPACE.join((version, language)), about[-1]),)
        known = f"{100 * (row.total - row.unknown) / row.total:.1f} %"
        table.add_row(f"{row.day_at.astimezone(UTC):%Y-%m-%d}", *shown, f"{row.total:,}", f"{row.unknown:,}", known)
    return table


PARSE_RATES: Final = Listing("parse_rates", parse_rate_fields, CSV_COLUMNS, parse_rate_table)
