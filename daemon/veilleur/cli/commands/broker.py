"""`veilleur broker …`: the embedded broker alone, whom it lets reach it, and its certificate."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.commands.running import MqttPort
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir
from veilleur.cli.output.terminal import answer, say
from veilleur.cli.store_access import settings_here

EXAMPLES: Final = examples(
    ("veilleur broker --mqtt-port 1884", "The embedded broker alone"),
    ("veilleur broker open", "Let tablets in the network reach it, encrypted"),
)
OPEN_EXAMPLES: Final = examples(
    ("veilleur broker open", "On every address of this machine"),
    ("veilleur broker open --address 192.168.1.20", "On one of them"),
)
CLOSE_EXAMPLES: Final = examples(("veilleur broker close", "Back to this machine alone"))
CERTIFICATE_EXAMPLES: Final = examples(
    ("veilleur broker certificate", "Its key's fingerprint, and until when it holds"),
    ("veilleur broker certificate --renew", "Ten more years, of the same key: no tablet notices"),
    ("veilleur broker certificate --new-key", "After a theft: every tablet must be paired again"),
)

_Address = Annotated[
    str | None,
    typer.Option("--address", metavar="IP", show_default=False, help="One address of this machine (else every one)."),
]
_Renew = Annotated[bool, typer.Option("--renew", help="Make a new certificate of the same key.")]
_NewKey = Annotated[bool, typer.Option("--new-key", help="Make a new key too: every device must be paired again.")]


def broker(
    context: typer.Context,
    mqtt_port: MqttPort = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Run the embedded broker alone, or say who may reach it."""
    if context.invoked_subcommand is None:
        settings = settings_here(mqtt_port=mqtt_port, data_dir=data_dir, database_url=database_url)
        wiring.run_broker(settings, say)
    elif (mqtt_port, data_dir, database_url) != (None, None, None):
        raise typer.BadParameter(f"options stand after the command: veilleur broker {context.invoked_subcommand} …")


def open_to_network(address: _Address = None, data_dir: DataDir = None) -> None:
    """Let other machines reach the embedded broker, always encrypted; a running one follows within two seconds."""
    host = wiring.open_network(settings_here(data_dir=data_dir), address)
    say(f"The broker listens on {host}, encrypted, as soon as it runs. A firewall must let its port in.")


def close_to_network(data_dir: DataDir = None) -> None:
    """Have the embedded broker listen on this machine alone; a running one follows within two seconds."""
    wiring.close_network(settings_here(data_dir=data_dir))
    say("The broker listens on this machine alone.")


def certificate(renew: _Renew = False, new_key: _NewKey = False, data_dir: DataDir = None) -> None:
    """Show the broker's certificate, or make a new one; a running broker takes it over within two seconds."""
    settings = settings_here(data_dir=data_dir)
    made = (
        wiring.renewed_certificate(settings, has_new_key=new_key) if renew or new_key else wiring.certificate(settings)
    )
    answer(f"key SHA-256  {made.key_sha256}")
    answer(f"name         {made.server_name}.local")
    answer(f"holds until  {made.expires_at:%Y-%m-%d}")
    if new_key:
        say("The key is new: every tablet must be paired again, none of them trusts this one.")
