"""`veilleur project …`: clients of an agency, each with devices, watches and people of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.agreement import require_agreement
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, InUtc, Server, ServerToken
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.projects import PROJECTS
from veilleur.cli.output.terminal import answer, say
from veilleur.cli.output.visible import in_one_line
from veilleur.cli.store_access import effective_settings, opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.people import Role, Standing

ADD_EXAMPLES: Final = examples(
    ("veilleur project add dupont 'Maison Dupont'", "A client; commands work in it with VEILLEUR_PROJECT=dupont"),
)
LIST_EXAMPLES: Final = examples(("veilleur project list", "Every project with what it holds"))
RENAME_EXAMPLES: Final = examples(("veilleur project rename dupont 'Dupont et fils'", "Its id stays"))
REMOVE_EXAMPLES: Final = examples(("veilleur project remove dupont", "Asks, and refuses where it holds something"))
TAKE_EXAMPLES: Final = examples(
    ("veilleur project take dupont salon-2", "What salon-2 sends from now on is Dupont's; what it sent stays"),
)
LET_IN_EXAMPLES: Final = examples(
    ("veilleur project let-in dupont Nadia --role analyst --private", "Nadia, who may be in others too"),
    ("veilleur project let-in dupont Zoé", "Nobody is called so yet: a new person, and the link for her password"),
)
LET_GO_EXAMPLES: Final = examples(("veilleur project let-go dupont Nadia --yes", "Without asking, in a script"))

_Id = Annotated[
    str, typer.Argument(metavar="PROJECT", help="Its id: lower-case letters, digits and hyphens, at most 64.")
]
_Name = Annotated[str, typer.Argument(metavar="NAME", help="What people call it.")]
_Device = Annotated[str, typer.Argument(metavar="DEVICE", help="The device's name.")]
_Person = Annotated[str, typer.Argument(metavar="PERSON", help="The name that they sign in with.")]
_RoleOption = Annotated[Role, typer.Option("--role", help="What they may do in it.")]
_Private = Annotated[bool, typer.Option("--private", help="They read its private and group mentions too.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def add(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    project: _Id,
    name: _Name,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Make a project."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        if desk.projects.find(project) is not None:
            raise typer.BadParameter(f"there is a project {project} already: `veilleur project rename` renames it")
        made = desk.projects.save(project, name)
    say(f"Project {made.id} is made: {in_one_line(made.name)}.")


def listed(  # noqa: PLR0913 - a command's parameters are its options
    *,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List projects by name, with what each holds."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        known = desk.projects.every()
    PROJECTS.write(format, known, viewer_zone(is_utc=utc))


def rename(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    project: _Id,
    name: _Name,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Give a project another name; its id stays."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        if desk.projects.find(project) is None:
            raise typer.BadParameter(_unknown(project))
        renamed = desk.projects.save(project, name)
    say(f"Project {project} is called {in_one_line(renamed.name)} now.")


def remove(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    project: _Id,
    yes: _Yes = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Remove a project in which nothing was captured or kept."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        _agree(f"Remove the project {project}?", is_agreed_to=yes)
        if not desk.projects.remove(project):
            raise typer.BadParameter(_unknown(project))
    say(f"Project {project} is removed.")


def take(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    project: _Id,
    device: _Device,
    yes: _Yes = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Have a device belong to a project from now on; what it sent before stays where it was."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        question = f"Move {device} to {project}? What it sends from now on belongs there; what it sent before stays."
        _agree(question, is_agreed_to=yes)
        if not desk.projects.take(project, device):
            raise typer.BadParameter(f"no project {project}, or no device {device}: `veilleur project list` shows both")
    say(f"What {device} sends belongs to {project} from now on.")


def let_in(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    project: _Id,
    person: _Person,
    role: _RoleOption = Role.VIEWER,
    private: _Private = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Let a person into a project, or change what they are in it; a name that nobody has is a new person's."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        made = desk.projects.let_in(project, person, Standing(role, may_read_private=private))
    if made is None:
        raise typer.BadParameter(_unknown(project))
    say(f"{in_one_line(made.person.name)} is {role} in {project}, {'with' if private else 'without'} private mentions.")
    if made.invitation is not None:
        say("They choose a password by this link, good once and for three days:")
        answer(f"{_pages(data_dir, database_url, server)}/welcome/{made.invitation}")


def let_go(  # noqa: PLR0913, PLR0917 - a command's parameters are its options
    project: _Id,
    person: _Person,
    yes: _Yes = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Take a person out of a project; who is in no other one cannot sign in any more."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        _agree(f"Take {in_one_line(person)} out of {project}? They are signed out there.", is_agreed_to=yes)
        if not desk.projects.let_go(project, person):
            raise typer.BadParameter(f"{project} has nobody called {in_one_line(person)}: see `veilleur project list`")
    say(f"{in_one_line(person)} is not in {project} any more.")


def _agree(question: str, *, is_agreed_to: bool) -> None:
    require_agreement(question, is_given=is_agreed_to, unasked="goes on", otherwise="Nothing was changed.")


def _pages(data_dir: Path | None, database_url: str | None, server: str | None) -> str:
    settings = effective_settings(data_dir=data_dir, database_url=database_url, server=server)
    if settings.server is not None and data_dir is None and database_url is None:
        return settings.server.rstrip("/")
    return wiring.own_address(settings)


def _unknown(project: str) -> str:
    return f"there is no project {project}: `veilleur project list` shows which there are"
