"""`veilleur up`, `serve`, `ingest`, `broker`: the daemon and its parts, in the foreground until they are stopped."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import settings_here

UP_EXAMPLES: Final = examples(
    ("veilleur up", "Broker, ingest and API on this machine, until Ctrl-C"),
    ("veilleur up --http-port 8080 --mqtt-port 1884", "On other ports"),
)
SERVE_EXAMPLES: Final = examples(("veilleur serve --http-host 0.0.0.0", "API and pages, open to the network"))
INGEST_EXAMPLES: Final = examples(
    ("veilleur ingest", "From this data folder's running broker"),
    ("VEILLEUR_MQTT_URL=mqtts://name:password@broker.example.org veilleur ingest", "From a broker of yours"),
)

HttpHost = Annotated[
    str | None,
    typer.Option(metavar="HOST", show_default=False, help="Listen here (else VEILLEUR_HTTP_HOST, 127.0.0.1)."),
]
HttpPort = Annotated[
    int | None,
    typer.Option(min=1, max=65535, metavar="PORT", show_default=False, help="Else VEILLEUR_HTTP_PORT, 8787."),
]
MqttPort = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=65535,
        metavar="PORT",
        show_default=False,
        help="The embedded broker's (else VEILLEUR_MQTT_PORT, 1883).",
    ),
]


def up(
    http_host: HttpHost = None,
    http_port: HttpPort = None,
    mqtt_port: MqttPort = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Run everything here: broker, ingest, API and pages. Prints its addresses, and the first token once."""
    flags = {"http_host": http_host, "http_port": http_port, "mqtt_port": mqtt_port}
    wiring.run_up(settings_here(**flags, data_dir=data_dir, database_url=database_url), say)


def serve(
    http_host: HttpHost = None,
    http_port: HttpPort = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Run the API and the pages alone."""
    flags = {"http_host": http_host, "http_port": http_port}
    wiring.run_serve(settings_here(**flags, data_dir=data_dir, database_url=database_url), say)


def ingest(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Run the line from source to store alone: from VEILLEUR_MQTT_URL, or this data folder's running broker."""
    wiring.run_ingest(settings_here(data_dir=data_dir, database_url=database_url), say)
