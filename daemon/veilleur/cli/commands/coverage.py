"""`veilleur coverage`: what was not seen, of which device, when and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

import typer
from msgspec.structs import replace

from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, InUtc, Server, ServerToken
from veilleur.cli.output.coverage import write_coverage
from veilleur.cli.output.holes import say_shortfalls
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.coverage import CoverageCause
from veilleur.model.errors import QueryError
from veilleur.query.window import read_window

EXAMPLES: Final = examples(
    ("veilleur coverage", "What was not seen in the last seven days"),
    ("veilleur coverage --since 2026-11-01 --until 2026-11-08 --device salon-1", "One tablet, one week"),
    ("veilleur coverage --cause gap --format csv > gaps.csv", "What never came, for a spreadsheet"),
)
_USUAL: Final = "7d"
_Since = Annotated[
    str, typer.Option("--since", metavar="WHEN", help="What lasted into the time from here on: 7d, 24h, 2026-11-20.")
]
_Until = Annotated[
    str | None,
    typer.Option("--until", metavar="WHEN", show_default=False, help="What began before this (else until now)."),
]
_Device = Annotated[str | None, typer.Option("--device", metavar="NAME", show_default=False, help="Only this device.")]
_Cause = Annotated[CoverageCause | None, typer.Option("--cause", show_default=False, help="Only this cause.")]


def coverage(  # noqa: PLR0913 - a command's parameters are its options
    since: _Since = _USUAL,
    *,
    until: _Until = None,
    device: _Device = None,
    cause: _Cause = None,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List what was not seen: every count of mentions is to be read beside it.

    Tablets that were away, seqs that never came, notifications that nobody understands, whose words were hidden, or
    that a tablet dropped as it is configured. The latest beginning comes first.
    """
    zone = viewer_zone(is_utc=utc)
    try:
        window = read_window(since=since, until=until, now=datetime.now(UTC), zone=zone)
    except QueryError as error:
        raise typer.BadParameter(f"expected {error.expected}", param_hint="--since, --until") from error
    with opened_desk(data_dir, database_url, server, token) as desk:
        if device is not None and not desk.devices.is_known(device):
            raise typer.BadParameter(f"no device is named {device}: `veilleur device list` names those there are")
        found = desk.losses.coverage(replace(window, device=device, cause=cause))
    write_coverage(format, found, zone)
    if not found.known:
        say("No device has told its state yet, so that nothing is known of what was missed.")
    elif not (found.intervals or found.shortfalls):
        say("Nothing of this is known to have been missed.")
    say_shortfalls(found)
