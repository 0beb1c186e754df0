"""`veilleur reparse`: the raw log read again by this release's parsers and catalogues."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.agreement import is_agreed
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Everything, Format, InUtc, chosen_limit
from veilleur.cli.output.differences import write_differences
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.progress_bar import progress_bar
from veilleur.cli.output.terminal import answer, say
from veilleur.cli.store_access import logged_settings
from veilleur.cli.zones import viewer_zone

if TYPE_CHECKING:
    from veilleur.app.settings import Settings
    from veilleur.ingest.rereading import ReparseSummary

EXAMPLES: Final = examples(
    ("veilleur reparse", "After a new release, or a change in your own catalogues"),
    ("veilleur reparse --diff", "What it would add, change and drop; then it asks"),
    ("veilleur reparse --diff --format jsonl > differences.jsonl", "The same for a program; nothing is stored"),
)
_Diff = Annotated[bool, typer.Option("--diff", help="First show what would be added, changed and dropped, then ask.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="With --diff: do not ask, and store it.")]


def reparse(  # noqa: PLR0913 - a command's parameters are its options
    *,
    diff: _Diff = False,
    yes: _Yes = False,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    everything: Everything = False,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Read every stored notification again: the same mentions with the same ids, unless a parser learned something."""
    settings = logged_settings(data_dir=data_dir, database_url=database_url)
    if diff and not _is_wanted(settings, format, everything=everything, utc=utc, yes=yes):
        return
    with progress_bar("Reading again") as on_progress:
        summary = wiring.reparse(settings, on_progress)
    # With --diff standard output holds the differences alone.
    show_summary(summary, tell=say if diff else answer)


def show_summary(summary: ReparseSummary, *, tell: Callable[[str], None] = answer) -> None:
    """Tell what reading again did."""
    for label, count in (
        ("read", summary.read),
        ("  added", summary.added),
        ("  changed", summary.changed),
        ("  dropped", summary.dropped),
    ):
        tell(f"{label:<14}{count:>9,}")
    _tell_unread(summary.unread)


def _tell_unread(unread: int) -> None:
    if unread:
        say(
            f"{unread:,} notifications could not be read again, and what they told stays: `veilleur parsers` shows"
            " which plug-ins are suspended or refused."
        )


def _is_wanted(settings: Settings, format: OutputFormat, *, everything: bool, utc: bool, yes: bool) -> bool:  # noqa: A002 - the flag's name
    at_most = chosen_limit(format, None, everything=everything)
    with progress_bar("Comparing") as on_progress:
        differences = wiring.compare_log(settings, on_progress, _tell_unread)
        total = write_differences(format, differences, viewer_zone(is_utc=utc), at_most)
    if yes:
        return True
    if not total:
        say("Reading again would change nothing.")
        return False
    if format is not OutputFormat.TABLE:
        say("Nothing was stored: --yes stores it.")
        return False
    return is_agreed("Read everything again and store this?", unasked="reads again and stores it")
