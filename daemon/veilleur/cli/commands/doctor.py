"""`veilleur doctor`: what is well, what is not, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.text import Text

from veilleur.cli import wiring
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.output.terminal import result_console
from veilleur.cli.store_access import logged_settings

if TYPE_CHECKING:
    from veilleur.app.examining import Finding

EXAMPLES: Final = examples(
    ("veilleur doctor", "Look at settings, database, broker and ports"),
    (
        "veilleur doctor || mail -s veilleur me@example.org < /dev/null",
        "In a script: it ends with 1 when something is wrong",
    ),
)


_Quick = Annotated[bool, typer.Option("--quick", help="Leave out the broker's queue, which takes 2,000 messages.")]


def doctor(quick: _Quick = False, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Examine this installation; ends with 1 when something is wrong."""
    findings = wiring.examine(logged_settings(data_dir=data_dir, database_url=database_url), is_quick=quick)
    table = bare_table()
    for header in ("", "Part", "Finding"):
        table.add_column(header, overflow="fold")
    for finding in findings:
        table.add_row(_mark(finding), cell(finding.name), _detail(finding))
    result_console().print(table)
    if not all(finding.is_ok for finding in findings):
        raise typer.Exit(1)


def _mark(finding: Finding) -> Text:
    return Text("ok", style="green") if finding.is_ok else Text("wrong", style="bold red")


def _detail(finding: Finding) -> Text:
    detail = cell(finding.detail)
    if finding.advice and not finding.is_ok:
        detail.append("\n").append(cell(finding.advice, style="bold"))
    return detail
