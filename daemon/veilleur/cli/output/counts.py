"""How counts are shown: keys and times with a bar as long as the count is large."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from veilleur.cli.output.listing import Listing, OutputFormat
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.output.terminal import say
from veilleur.cli.zones import shown_minute
from veilleur.model.counts import Bucket, Count, Facet, FacetCounts
from veilleur.model.coverage import Completeness
from veilleur.model.wire import bucket_fields, count_fields, facet_fields

_BAR: Final = "▇"
_BAR_SHARE: Final = 3
_NOT_WHOLE: Final = "?"


def say_since(at: datetime | None, zone: tzinfo) -> None:
    """Say that not all was counted, where that is so."""
    if at is not None:
        say(f"Counted since {shown_minute(at, zone)}: what is older was too much to count.")


def write_facets(
    format: OutputFormat,  # noqa: A002 - the flag's name
    facets: Sequence[FacetCounts],
    zone: tzinfo,
    completeness: Callable[[], Completeness],
) -> None:
    """Write facets to standard output; for programs that read lines, a line for each key."""
    if format in {OutputFormat.JSONL, OutputFormat.CSV}:
        _KEYS.write(format, [(one.facet, count) for one in facets for count in one.counts], zone)
    else:
        _FACETS.write(format, facets, zone, completeness)


def _facet_table(facets: Sequence[FacetCounts], _zone: tzinfo, width: int) -> Table:
    table = bare_table()
    for header in ("By", "Key"):
        table.add_column(header, overflow="fold")
    table.add_column("Mentions", justify="right")
    table.add_column("")
    for facet in facets:
        most = max((one.count for one in facet.counts), default=1)
        for at, one in enumerate(facet.counts):
            key = cell(one.key) if one.label is None else cell(f"{one.label} ({one.key})")
            table.add_row("" if at else facet.facet.value, key, f"{one.count:,}", _bar(one.count, most, width))
        if facet.without:
            table.add_row("", Text("none", style="dim"), f"{facet.without:,}", "")
    return table


def _bucket_table(buckets: Sequence[Bucket], zone: tzinfo, width: int) -> Table:
    table = bare_table()
    table.add_column("From", no_wrap=True)
    table.add_column("Mentions", justify="right")
    table.add_column("")
    most = max((one.count for one in buckets), default=1)
    for one in buckets:
        count = f"{one.count:,}{' ' if one.is_whole else _NOT_WHOLE}"
        table.add_row(shown_minute(one.starts_at, zone), count, _bar(one.count, most, width))
    return table


def _bar(count: int, most: int, width: int) -> str:
    return _BAR * round(count / max(most, 1) * (width // _BAR_SHARE))


def _key_fields(row: tuple[Facet, Count]) -> dict[str, Any]:
    return {"facet": row[0].value} | count_fields(row[1])


def _key_table(rows: Sequence[tuple[Facet, Count]], zone: tzinfo, width: int) -> Table:
    return _facet_table([FacetCounts(facet, (count,), count.count, 0) for facet, count in rows], zone, width)


_FACETS: Final = Listing("facets", facet_fields, (), _facet_table)
_KEYS: Final = Listing("keys", _key_fields, ("facet", "key", "label", "count"), _key_table)
BUCKETS: Final = Listing("buckets", bucket_fields, ("starts_at", "ends_at", "count", "is_whole"), _bucket_table)
