"""What reading again would change, mention by mention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

from veilleur.cli.output.listing import Listing, OutputFormat
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.output.terminal import say

if TYPE_CHECKING:
    from veilleur.ingest.rereading import MentionDifference

_LONGEST: Final = 60
CSV_COLUMNS: Final = ("difference", "mention_id", "notification_id", "platform", "kind", "pattern", "fields")


def difference_fields(one: MentionDifference) -> dict[str, Any]:
    """Return a difference's fields; each changed one with what it is and what it would be."""
    fields = {name: list(pair) for name, pair in one.fields.items()}
    about = (one.difference.value, one.mention_id, one.notification_id, one.platform, one.kind, one.pattern, fields)
    return dict(zip(CSV_COLUMNS, about, strict=True))


def difference_table(rows: Sequence[MentionDifference], _zone: tzinfo, _width: int) -> Table:
    """Draw differences, with every field that would change."""
    table = bare_table()
    table.add_column("Would be", no_wrap=True)
    table.add_column("Notification", justify="right", no_wrap=True)
    for header in ("Platform", "Kind", "Pattern", "What changes"):
        table.add_column(header, overflow="fold")
    for one in rows:
        changes = "; ".join(f"{name}: {_short(old)} → {_short(new)}" for name, (old, new) in one.fields.items())
        about = (cell(one.platform), cell(one.kind), cell(one.pattern), cell(changes or None))
        table.add_row(one.difference.value, str(one.notification_id), *about)
    return table


DIFFERENCES: Final[Listing[MentionDifference]] = Listing(
    "differences", difference_fields, CSV_COLUMNS, difference_table
)


def write_differences(
    format: OutputFormat,  # noqa: A002 - the flag's name
    differences: Iterable[MentionDifference],
    zone: tzinfo,
    at_most: int | None,
) -> int:
    """Write differences, in a table the first of them; say how many there are in all, and return it."""
    tally: Counter[str] = Counter()
    counted = _counted(differences, tally)
    if at_most is None:
        DIFFERENCES.write(format, counted, zone)
    else:
        DIFFERENCES.write(format, islice(counted, at_most), zone)
        for _ in counted:
            pass
    total = tally.total()
    parts = ", ".join(f"{tally[name]:,} {name}" for name in ("added", "changed", "dropped"))
    more = f" ({total - at_most:,} more than shown: --all shows every one)" if at_most and total > at_most else ""
    say(f"Mentions that would be touched: {parts}{more}.")
    return total


def _counted(differences: Iterable[MentionDifference], tally: Counter[str]) -> Iterator[MentionDifference]:
    for one in differences:
        tally[one.difference.value] += 1
        yield one


def _short(value: object) -> str:
    text = "–" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
