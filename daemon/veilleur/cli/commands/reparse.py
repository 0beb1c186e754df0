"""`veilleur reparse`: the raw log read again by this release's parsers and catalogues."""

from __future__ import annotations

from typing import Final

from rich.progress import Progress

from veilleur.cli import wiring
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir
from veilleur.cli.output.terminal import answer, message_console
from veilleur.cli.store_access import logged_settings

EXAMPLES: Final = examples(("veilleur reparse", "After a new release, or a change in your own catalogues"))


def reparse(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Read every stored notification again: the same mentions with the same ids, unless a parser learned something."""
    settings = logged_settings(data_dir=data_dir, database_url=database_url)
    console = message_console()
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Reading again", total=None)
        summary = wiring.reparse(settings, lambda done, total: bar.update(task, completed=done, total=total))
    for label, count in (
        ("read", summary.read),
        ("  added", summary.added),
        ("  changed", summary.changed),
        ("  dropped", summary.dropped),
    ):
        answer(f"{label:<14}{count:>9,}")
