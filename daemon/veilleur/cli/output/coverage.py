"""How what was not seen is listed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from rich.table import Table
from rich.text import Text

from veilleur.cli.output.listing import Listing, OutputFormat
from veilleur.cli.output.tables import WIDE, bare_table, cell, stack
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


def coverage_table(intervals: Sequence[CoverageInterval], zone: tzinfo, width: int) -> Table:
    """Draw what was not seen; on a narrow terminal several columns stand in one."""
    is_wide = width >= WIDE
    table = bare_table()
    table.add_column("Device", overflow="fold")
    for header in ("From", "Until") if is_wide else ("From, until",):
        table.add_column(header, no_wrap=True)
    table.add_column("Number", justify="right")
    for header in ("What", "Of", "Why") if is_wide else ("What, of what, why",):
        table.add_column(header, overflow="fold")
    for one in intervals:
        until = _STILL if one.until_at is None else shown_minute(one.until_at, zone)
        times: tuple[Text, ...] = (Text(shown_minute(one.since_at, zone)), Text(until))
        of = cell("everything" if one.subject == WHOLE_DEVICE else one.subject)
        what: tuple[Text, ...] = (Text(_CAUSES[one.cause]), of, cell(_why(one)))
        if not is_wide:
            times, what = (stack(*times),), (stack(*what[: 3 if what[2] else 2]),)
        count = "" if one.count is None else f"{one.count:,}"
        table.add_row(cell(one.device), *times, count, *what)
    return table


def _why(one: CoverageInterval) -> str:
    if one.cause is CoverageCause.GAP and one.detail is not None:
        known = next((kind for kind in GapKind if kind == one.detail), None)
        return f"lost: {one.detail}" if known is None else _GAPS[known]
    return one.detail or ""


_COVERAGE: Final = Listing("coverage", coverage_fields, CSV_COLUMNS, coverage_table)
