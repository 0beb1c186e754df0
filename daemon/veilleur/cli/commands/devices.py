"""`veilleur device …`: the tablets, and their accounts at the embedded broker."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, InUtc, Server, ServerToken
from veilleur.cli.output.devices import DEVICES
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.terminal import answer, say
from veilleur.cli.store_access import logged_settings, opened_desk
from veilleur.cli.zones import viewer_zone

ADD_EXAMPLES: Final = examples(
    ("veilleur device add salon-1", "An account for a tablet, and the line that sends a first notification as it"),
)
LIST_EXAMPLES: Final = examples(
    ("veilleur device list", "Every tablet, and when it was last heard"),
    ("veilleur device list --format json", "The same for a program"),
)
_NoWait = Annotated[
    bool, typer.Option("--no-wait", help="Do not wait until an account made by hand at your own broker works.")
]
_Name = Annotated[str, typer.Argument(metavar="NAME", help="Lower-case letters, digits and hyphens, at most 64.")]


def add(name: _Name, no_wait: _NoWait = False, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Make an account for a device, or give it a new password; the password is shown once."""
    settings = logged_settings(data_dir=data_dir, database_url=database_url)
    made = wiring.add_device(settings, name, say, waits=not no_wait)
    say(f"Device {made.name} {made.admission}. Its password, shown only now: {made.password}")
    say("To send a first notification as this device, run (-P shows the password in this machine's process list):")
    answer(made.publish_line)


def listed(  # noqa: PLR0913 - a command's parameters are its options
    *,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List devices by name: those with an account, and those only heard of (unpaired)."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        devices = desk.devices.every()
    DEVICES.write(format, devices, viewer_zone(is_utc=utc))
    if not devices:
        say("No device yet: `veilleur device add NAME` makes an account for one.")
