"""`veilleur watch …`: queries kept under a name, and what they hold."""

from __future__ import annotations

import re
from functools import partial
from shlex import quote
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer

from veilleur.cli.examples import examples
from veilleur.cli.options import (
    DatabaseUrl,
    DataDir,
    Everything,
    Format,
    InUtc,
    Limit,
    Server,
    ServerToken,
    chosen_limit,
)
from veilleur.cli.output.holes import say_holes
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.mentions import MENTIONS
from veilleur.cli.output.terminal import say
from veilleur.cli.output.watches import VERSIONS, WATCHES
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import LocalZone, viewer_zone
from veilleur.model.desk import Desk
from veilleur.model.watch import LONGEST_DESCRIPTION, LONGEST_NAME, NAME_PATTERN, Watch, WatchDraft

ADD_EXAMPLES: Final = examples(
    ("veilleur watch add strike '#ratp AND (grève OR retard)' --zone Europe/Paris", "Two words beside a hashtag"),
    ("veilleur watch add calm 'kind:review since:7d' --description 'Reviews of the week'", "Its week slides"),
)
LIST_EXAMPLES: Final = examples(("veilleur watch list", "Every watch, with how much is new in it"))
SHOW_EXAMPLES: Final = examples(
    ("veilleur watch show strike", "The newest mentions that it holds now"),
    ("veilleur watch show strike --format jsonl", "All of them, for a program"),
)
EDIT_EXAMPLES: Final = examples(
    ("veilleur watch edit strike --query '#ratp grève'", "Another question; what it asked before is kept"),
    ("veilleur watch edit strike --name metro", "Another name"),
)
REMOVE_EXAMPLES: Final = examples(("veilleur watch remove strike", "It is archived, and can be restored"))
RESTORE_EXAMPLES: Final = examples(("veilleur watch restore strike", "It goes on"))

HISTORY_EXAMPLES: Final = examples(("veilleur watch history strike", "What it asked before, and who wrote that"))

WatchName = Annotated[str, typer.Argument(metavar="NAME", help="The watch's name.")]
_Query = Annotated[str, typer.Argument(metavar="QUERY", help="As for `veilleur mentions`; relative times slide.")]
_NewQuery = Annotated[
    str | None, typer.Option("--query", metavar="QUERY", show_default=False, help="What it asks from now on.")
]
_NewName = Annotated[str | None, typer.Option("--name", metavar="NAME", show_default=False, help="Another name.")]
_Zone = Annotated[
    str | None,
    typer.Option(
        "--zone", metavar="ZONE", show_default=False, help="Where its days begin: Europe/Paris (a new one: here)."
    ),
]
_Description = Annotated[
    str | None, typer.Option("--description", metavar="TEXT", show_default=False, help="What it is for.")
]
_Archived = Annotated[bool, typer.Option("--archived", help="Those that are archived, too.")]


def add(  # noqa: PLR0913 - a command's parameters are its options
    name: WatchName,
    query: _Query,
    *,
    zone: _Zone = None,
    description: _Description = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Keep a query under a name."""
    _refuse_wrong(name, description)
    with opened_desk(data_dir, database_url, server, token) as desk:
        known = desk.watches.find(name)
        if known is not None:
            how = "edit" if known.watch.archived_at is None else "restore"
            raise typer.BadParameter(f"there is a watch {name} already: `veilleur watch {how} {quote(name)}`")
        draft = WatchDraft(query, zone or LocalZone().key or "UTC", description)
        if not desk.watches.save(name, draft):
            raise typer.BadParameter(f"somebody has just made a watch {name}: `veilleur watch list`")
    say(f"{name} is watched from now on; `veilleur watch show {quote(name)}` shows what it holds already.")


def listed(  # noqa: PLR0913 - a command's parameters are its options
    archived: _Archived = False,
    *,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List watches by name, with how much came in that `watch follow` has not shown."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        found = desk.watches.every(with_archived=archived)
    WATCHES.write(format, found, viewer_zone(is_utc=True))
    for one in found:
        if one.problem is not None:
            say(f"{one.watch.name}: {one.problem}")
    if not found:
        say("No watch yet: `veilleur watch add NAME QUERY` keeps a query.")


def show(  # noqa: PLR0913 - a command's parameters are its options
    name: WatchName,
    *,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    limit: Limit = None,
    everything: Everything = False,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Show the mentions that a watch holds now, newest first, also those from before it was made."""
    zone, at_most = viewer_zone(is_utc=utc), chosen_limit(format, limit, everything=everything)
    with opened_desk(data_dir, database_url, server, token) as desk:
        watch = found_watch(desk, name)
        asked = (watch.query, ZoneInfo(watch.zone))
        unseen = partial(desk.mentions.unseen, *asked)
        if at_most is None:
            MENTIONS.write(format, desk.mentions.every(*asked), zone, unseen)
            return
        page = desk.mentions.page(*asked, limit=at_most)
        MENTIONS.write(format, page.mentions, zone, unseen)
        if format is OutputFormat.TABLE:
            say(f"{name}: {watch.query}")
            say_holes(unseen())
        if page.next_cursor is not None:
            say("There are more: --limit N shows more, --all shows every one.")


def edit(  # noqa: PLR0913 - a command's parameters are its options
    name: WatchName,
    *,
    query: _NewQuery = None,
    zone: _Zone = None,
    description: _Description = None,
    new_name: _NewName = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Change what a watch asks or how it is called; an empty --description takes it away."""
    if query is zone is description is new_name is None:
        raise typer.BadParameter("say what changes: --query, --zone, --description or --name")
    _refuse_wrong(new_name or name, description)
    with opened_desk(data_dir, database_url, server, token) as desk:
        watch = active_watch(desk, name)
        draft = WatchDraft(
            watch.query if query is None else query,
            zone or watch.zone,
            watch.description if description is None else description or None,
        )
        if not desk.watches.save(name, draft, new_name=new_name):
            raise typer.BadParameter(f"there is a watch {new_name or name} already, perhaps an archived one")
    say(f"{new_name or name} asks: {draft.query}")


def history(  # noqa: PLR0913 - a command's parameters are its options
    name: WatchName,
    *,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Show what a watch asked, the newest version first."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        versions = desk.watches.history(name)
        if not versions:
            raise _unknown(name)
    VERSIONS.write(format, versions, viewer_zone(is_utc=utc))


def remove(
    name: WatchName,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Archive a watch: nothing comes in for it, and nothing of it is lost."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        if not desk.watches.archive(name):
            raise _unknown(name)
    say(f"{name} is archived: `veilleur watch restore {quote(name)}` lets it go on.")


def restore(
    name: WatchName,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Let an archived watch go on."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        if not desk.watches.restore(name):
            raise _unknown(name)
    say(f"{name} is watched from now on.")


def found_watch(desk: Desk, name: str) -> Watch:
    """Return the watch of this name, archived or not; else refuse the name."""
    found = desk.watches.find(name)
    if found is None:
        raise _unknown(name)
    return found.watch


def active_watch(desk: Desk, name: str) -> Watch:
    """Return the watch of this name; refuse the name of an archived one."""
    watch = found_watch(desk, name)
    if watch.archived_at is not None:
        raise typer.BadParameter(f"{name} is archived: `veilleur watch restore {quote(name)}` first")
    return watch


def _refuse_wrong(name: str, description: str | None) -> None:
    if len(name) > LONGEST_NAME or not re.match(NAME_PATTERN, name):
        raise typer.BadParameter(f"a name has from 1 to {LONGEST_NAME} characters, no / and no blank at its ends")
    if len(description or "") > LONGEST_DESCRIPTION:
        raise typer.BadParameter(f"a description has at most {LONGEST_DESCRIPTION:,} characters")


def _unknown(name: str) -> typer.BadParameter:
    return typer.BadParameter(f"there is no watch {name}: `veilleur watch list --archived` shows them")
