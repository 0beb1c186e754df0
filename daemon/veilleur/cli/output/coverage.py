"""How what was not seen is listed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from rich.table import Table

from veilleur.cli.output.listing import Listing, OutputFormat
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.zones import shown_minute
from veilleur.model.coverage import WHOLE_DEVICE, Completeness, CoverageCause, CoverageInterval, GapKind
from veilleur.model.wire import completeness_fields, coverage_fields, dump_line

CSV_COLUMNS: Final = ("device", "cause", "subject", "since_at", "until_at", "count", "detail")
_CAUSES: Final = {
    CoverageCause.OFFLINE: "away",
    CoverageCause.LISTENER_DEAD: "heard nothing",
    CoverageCause.SATURATED: "too many active",
    CoverageCause.REDACTED: "words hidden by Android",
    CoverageCause.COLLAPSED: "only a number shown",
    CoverageCause.GAP: "never came",
    CoverageCause.QUARANTINED: "not understood",
    CoverageCause.DROPPED: "dropped as configured",
}
_GAPS: Final = {
    GapKind.MISSING: "the device may still send it",
    GapKind.TAIL: "the device was set up anew: what its old spool still held is not known",
    GapKind.ENDED: "missing when the device was set up anew",
    GapKind.LOST: "given up",
}
_STILL: Final = "still"


def write_coverage(format: OutputFormat, found: Completeness, zone: tzinfo) -> None:  # noqa: A002 - the flag's name
    """Write it to standard output; as one JSON object it is what the API answers."""
    if format is OutputFormat.JSON:
        sys.stdout.buffer.write(dump_line(completeness_fields(found)) + b"\n")
    else:
        _COVERAGE.write(format, found.intervals, zone)


def _coverage_table(intervals: Sequence[CoverageInterval], zone: tzinfo, _width: int) -> Table:
    table = bare_table()
    for header in ("Device", "From", "Until", "What", "Of"):
        table.add_column(header, overflow="fold")
    table.add_column("Number", justify="right")
    table.add_column("Why", overflow="fold")
    for one in intervals:
        until = _STILL if one.until_at is None else shown_minute(one.until_at, zone)
        count = "" if one.count is None else f"{one.count:,}"
        subject = "everything" if one.subject == WHOLE_DEVICE else one.subject
        times = (shown_minute(one.since_at, zone), until)
        table.add_row(cell(one.device), *times, _CAUSES[one.cause], cell(subject), count, cell(_why(one)))
    return table


def _why(one: CoverageInterval) -> str:
    if one.cause is CoverageCause.GAP and one.detail is not None:
        known = next((kind for kind in GapKind if kind == one.detail), None)
        return f"lost: {one.detail}" if known is None else _GAPS[known]
    return one.detail or ""


_COVERAGE: Final = Listing("coverage", coverage_fields, CSV_COLUMNS, _coverage_table)
