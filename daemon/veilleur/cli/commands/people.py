"""`veilleur person …`: people who sign in to the pages, each by a link that is good once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.agreement import require_agreement
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, InUtc
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.people import PEOPLE
from veilleur.cli.output.terminal import answer, say
from veilleur.cli.output.visible import in_one_line
from veilleur.cli.store_access import effective_settings, opened_project
from veilleur.cli.zones import viewer_zone
from veilleur.model.people import Role, Standing

if TYPE_CHECKING:
    from pathlib import Path

ADD_EXAMPLES: Final = examples(
    ("veilleur person add Nadia --role analyst --private", "Reads private mentions too; prints her link"),
    ("veilleur person add Accueil", "Looks at public mentions alone"),
)
LINK_EXAMPLES: Final = examples(
    ("veilleur person link", "For the first administrator, who chooses a name"),
    ("veilleur person link Nadia", "She forgot her password: its sessions end when a new one is set"),
)
LIST_EXAMPLES: Final = examples(("veilleur person list", "Everybody with a role, and who has no password yet"))
ROLE_EXAMPLES: Final = examples(("veilleur person role Nadia admin --private", "From her next click on"))
REMOVE_EXAMPLES: Final = examples(("veilleur person remove Nadia", "Asks, then signs her out everywhere"))

_Name = Annotated[str, typer.Argument(metavar="NAME", help="The name that they sign in with.")]
_AnyName = Annotated[
    str | None, typer.Argument(metavar="NAME", show_default=False, help="Whose; left out: the first administrator's.")
]
_RoleOption = Annotated[Role, typer.Option("--role", help="What they may do.")]
_RoleArgument = Annotated[Role, typer.Argument(metavar="ROLE", help="viewer, analyst or admin.")]
_Private = Annotated[bool, typer.Option("--private", help="They read private and group mentions too.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def add(
    name: _Name,
    role: _RoleOption = Role.VIEWER,
    private: _Private = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Add a person and print the link by which they choose their password, this once."""
    with opened_project(data_dir, database_url) as (database, own):
        now = datetime.now(UTC)
        person = wiring.add_person(database, own, name, Standing(role, may_read_private=private), now=now)
        secret = wiring.invite_person(database, own, person.name, now=now, runs_server=True)
    say(f"{in_one_line(person.name)} is added as {role}. The link is good once, for three days:")
    answer(_link(secret, data_dir, database_url))


def link(name: _AnyName = None, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Print a link, good once and for three days, by which somebody chooses a password."""
    with opened_project(data_dir, database_url) as (database, own):
        now = datetime.now(UTC)
        if name is not None:
            secret = wiring.invite_person(database, own, name, now=now, runs_server=True)
        elif wiring.has_people(database):
            raise typer.BadParameter("there is an administrator already: say whose link, `veilleur person list` shows")
        else:
            secret = wiring.invite_first(database, own, now=now)
    if secret is None:
        raise typer.BadParameter(_unknown(str(name)))
    answer(_link(secret, data_dir, database_url))


def listed(
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """List the people by name."""
    with opened_project(data_dir, database_url) as (database, own):
        people = wiring.list_people(database, own)
    PEOPLE.write(format, people, viewer_zone(is_utc=utc))
    if not people:
        say("Nobody yet: `veilleur person link` makes the first administrator's link.")


def role(
    name: _Name,
    given: _RoleArgument,
    private: _Private = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Give a person another role, from their next click on."""
    with opened_project(data_dir, database_url) as (database, own):
        if not wiring.change_standing(database, own, name, Standing(given, may_read_private=private)):
            raise typer.BadParameter(_unknown(name))
    say(f"{in_one_line(name)} is {given} now, {'with' if private else 'without'} private mentions.")


def remove(name: _Name, yes: _Yes = False, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Remove a person; what they decided stays."""
    with opened_project(data_dir, database_url) as (database, own):
        require_agreement(
            f"Remove {in_one_line(name)}? They are signed out everywhere.",
            is_given=yes,
            unasked="removes",
            otherwise="Nobody was removed.",
        )
        if not wiring.remove_person(database, own, name):
            raise typer.BadParameter(_unknown(name))
    say(f"{in_one_line(name)} is removed.")


def _link(secret: str | None, data_dir: Path | None, database_url: str | None) -> str:
    settings = effective_settings(data_dir=data_dir, database_url=database_url)
    return f"{wiring.own_address(settings)}/welcome/{secret}"


def _unknown(name: str) -> str:
    return f"nobody is called {in_one_line(name)}: `veilleur person list` shows who there is"
