"""`veilleur delivery …`: what was sent, what waits, and sending again what was given up."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Final

import typer

from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Everything, Format, Limit, Server, ServerToken
from veilleur.cli.output.deliveries import DELIVERIES
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.delivery import DeliveryId, DeliveryState

LIST_EXAMPLES: Final = examples(
    ("veilleur delivery list", "The newest, and why the last attempt failed"),
    ("veilleur delivery list --state given_up", "What nobody was told"),
    ("veilleur delivery list --format jsonl --all", "Every attempt, for programs"),
)
RETRY_EXAMPLES: Final = examples(
    ("veilleur delivery retry", "Everything that was given up"),
    ("veilleur delivery retry 9f2c41d07be8463a8a51e0c37d64b2f9", "One"),
)
_TABLE_ROWS: Final = 20

_State = Annotated[DeliveryState | None, typer.Option("--state", show_default=False, help="Those of this state.")]
_Receiver = Annotated[
    str | None, typer.Option("--receiver", metavar="NAME", show_default=False, help="Those to this receiver.")
]
_Delivery = Annotated[str | None, typer.Argument(metavar="[DELIVERY]", help="A delivery's id; else all given up.")]


def listed(  # noqa: PLR0913 - a command's parameters are its options
    *,
    state: _State = None,
    receiver: _Receiver = None,
    limit: Limit = None,
    everything: Everything = False,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List deliveries, the newest first, with their attempts; the words themselves are not shown."""
    is_short = format == OutputFormat.TABLE and not everything
    most = limit or (_TABLE_ROWS if is_short else None)
    with opened_desk(data_dir, database_url, server, token) as desk:
        found = islice(desk.deliveries.every(state=state, receiver=receiver), most)
        DELIVERIES.write(format, found, viewer_zone(is_utc=format != OutputFormat.TABLE))


def retry(
    delivery: _Delivery = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Send again what was given up, or one delivery that waits, at once."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        count = desk.deliveries.retry(None if delivery is None else DeliveryId(delivery))
    say(f"{count:,} deliver{'y is' if count == 1 else 'ies are'} sent again, by the daemon that runs.")
