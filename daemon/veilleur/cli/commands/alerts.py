"""`veilleur alert …`: alerts, and who takes them on."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, InUtc, Server, ServerToken
from veilleur.cli.output.alerts import ALERTS
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone

LIST_EXAMPLES: Final = examples(
    ("veilleur alert list --open", "What nobody has taken on"),
    ("veilleur alert list --rule colère --format jsonl", "What one rule found, for a script"),
)
ACK_EXAMPLES: Final = examples(("veilleur alert ack 12", "I'm on it: nobody further is told"))

_OpenOnly = Annotated[bool, typer.Option("--open", help="Only those that nobody has taken on.")]
_Rule = Annotated[
    str | None, typer.Option("--rule", metavar="NAME", show_default=False, help="Only those of one rule.")
]
_Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=500, help="The most alerts to show.")]
_Id = Annotated[int, typer.Argument(metavar="ID", min=1, help="The alert's number.")]


def listed(  # noqa: PLR0913 - a command's parameters are its options
    *,
    open_only: _OpenOnly = False,
    rule: _Rule = None,
    limit: _Limit = 20,
    in_utc: InUtc = False,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List alerts, the newest first."""
    is_open = True if open_only else None
    with opened_desk(data_dir, database_url, server, token) as desk:
        page = desk.alerts.page(limit=limit, is_open=is_open, rule=rule)
    ALERTS.write(format, page.alerts, viewer_zone(is_utc=in_utc))
    if not page.alerts:
        say("No alert waits for somebody." if open_only else "No alert yet: `veilleur alert add NAME` makes a rule.")


def ack(
    alert_id: _Id,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Take an alert on: nobody further is told."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        alert = desk.alerts.acknowledge(alert_id)
    if alert is None:
        raise typer.BadParameter(f"there is no alert {alert_id}: `veilleur alert list` shows them")
    say(f"Alert {alert_id} is taken on by {alert.acknowledged_by}.")
