"""`veilleur broker reader …`: who may read republished mentions at the embedded broker."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir
from veilleur.cli.output.terminal import answer, say
from veilleur.cli.store_access import opened_store

ADD_EXAMPLES: Final = examples(("veilleur broker reader add node-red", "Its user name and password, shown this once"))
LIST_EXAMPLES: Final = examples(("veilleur broker reader list", "Their user names"))
REMOVE_EXAMPLES: Final = examples(("veilleur broker reader remove node-red", "It is cut off within seconds"))

_Name = Annotated[str, typer.Argument(metavar="NAME", help="What reads: 1 to 64 of a-z, 0-9 and -.")]


def add(name: _Name, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Let a program read `veilleur/1/mentions/#`, and nothing else; it can publish nothing."""
    with opened_store(data_dir, database_url) as database:
        made = wiring.make_account(name)
        if not wiring.add_mqtt_reader(database, name, made.account.password_hash):
            raise typer.BadParameter(f"there is a reader {name} already: remove it first")
    say(f"User name {wiring.reader_user(name)}; the password is shown this once:")
    answer(made.password)
    say("Mentions are republished where VEILLEUR_MQTT_MENTIONS is `public` or `all`.")


def listed(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """List the user names of those who may read mentions."""
    with opened_store(data_dir, database_url) as database:
        for name in wiring.mqtt_readers(database):
            answer(wiring.reader_user(name))


def remove(name: _Name, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Take a reader's account away."""
    with opened_store(data_dir, database_url) as database:
        if not wiring.remove_mqtt_reader(database, name):
            raise typer.BadParameter(f"there is no reader {name}: `veilleur broker reader list` names those there are")
    say(f"Reader {name} is removed.")
