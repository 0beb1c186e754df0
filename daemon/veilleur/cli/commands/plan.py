"""`veilleur plan …`: what each device is meant to follow, and what was heard of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, InUtc, Server, ServerToken
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.plan import PLAN
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.errors import PlanError
from veilleur.model.plan import HASHTAG_SIGHT, PlanEntry, PlanKind, alerts_query, checked_entry, tag_url
from veilleur.model.plan_csv import LARGEST_BYTES, read_plan, write_plan

SHOW_EXAMPLES: Final = examples(
    ("veilleur plan show", "Every entry, when something of it last came, and its silences"),
    ("veilleur plan show --format jsonl", "For a script"),
)
ADD_EXAMPLES: Final = examples(
    ("veilleur plan add account @nadia.b --device salle-1", "An account whose bell is on All on this tablet"),
    (
        "veilleur plan add group 'Clients VIP' --device salle-1 --authorised-by 'A. Roy' --ground contract",
        "A group, who authorised it and on what ground",
    ),
    ("veilleur plan add hashtag '#brunch'", "A hashtag: prints its page and a Google Alerts query"),
)
REMOVE_EXAMPLES: Final = examples(("veilleur plan remove account @nadia.b --device salle-1", "No longer followed"))
IMPORT_EXAMPLES: Final = examples(
    ("veilleur plan import plan.csv --dry-run", "Check the file"),
    ("veilleur plan import plan.csv", "Enter it; what is in the plan and not in the file stays"),
)
EXPORT_EXAMPLES: Final = examples(("veilleur plan export > plan.csv", "To change in a spreadsheet"))

_Kind = Annotated[PlanKind, typer.Argument(help="What is followed.")]
_Target = Annotated[
    str, typer.Argument(metavar="TARGET", help="An @handle or a name as it is shown, a title, or a #hashtag.")
]
_Device = Annotated[str | None, typer.Option("--device", metavar="NAME", show_default=False, help="Who follows it.")]
_Platform = Annotated[str, typer.Option("--platform", metavar="NAME", help="Else the usual one of its kind.")]
_By = Annotated[
    str | None, typer.Option("--authorised-by", metavar="WHO", show_default=False, help="Who authorised it.")
]
_Ground = Annotated[str | None, typer.Option("--ground", metavar="TEXT", show_default=False, help="On what ground.")]
_Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", show_default=False, help="A note.")]
_File = Annotated[Path, typer.Argument(metavar="FILE", help="CSV, in UTF-8.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Only check the file.")]


def show(  # noqa: PLR0913 - a command's parameters are its options
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    *,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Show the plan, when something of each entry last arrived, and which silences are worth a look."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        plan = desk.plan.standing()
    PLAN.write(format, plan, viewer_zone(is_utc=utc or format is not OutputFormat.TABLE))
    if any(one.entry.kind is PlanKind.HASHTAG for one in plan):
        say(HASHTAG_SIGHT)


def add(  # noqa: PLR0913 - a command's parameters are its options
    kind: _Kind,
    target: _Target,
    *,
    device: _Device = None,
    platform: _Platform = "",
    authorised_by: _By = None,
    ground: _Ground = None,
    note: _Note = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Enter one thing to follow, or change what is said of it."""
    try:
        entry = checked_entry(
            PlanEntry(
                kind=kind,
                target=target,
                platform=platform,
                device=device,
                authorised_by=authorised_by,
                ground=ground,
                note=note,
            )
        )
    except PlanError as error:
        raise typer.BadParameter(str(error)) from error
    with opened_desk(data_dir, database_url, server, token) as desk:
        desk.plan.save([entry])
    say(f"The plan holds {kind} {entry.target}.")
    if kind is PlanKind.HASHTAG:
        say(HASHTAG_SIGHT)
        say(f"Its page: {tag_url(entry.target)}")
        say(f"For Google Alerts (deliver to: RSS feed, then `veilleur-bridge feed`): {alerts_query(entry.target)}")


def remove(  # noqa: PLR0913 - a command's parameters are its options
    kind: _Kind,
    target: _Target,
    *,
    device: _Device = None,
    platform: _Platform = "",
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Take one entry out of the plan."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        found = [
            entry
            for entry in (one.entry for one in desk.plan.standing())
            if (entry.kind, entry.target, entry.device) == (kind, target, device) and platform in {"", entry.platform}
        ]
        if not found:
            raise typer.BadParameter(f"the plan holds no {kind} {target} of that device: `veilleur plan show`")
        desk.plan.remove(found)
    say(f"{kind} {target} is out of the plan.")


def import_file(  # noqa: PLR0913 - a command's parameters are its options
    path: _File,
    dry_run: _DryRun = False,
    *,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Enter what a CSV file lists: all of it, or nothing where a line is wrong."""
    try:
        with path.open("rb") as file:
            entries = read_plan(file.read(LARGEST_BYTES + 1))
        if dry_run:
            say(f"{path.name} is right: {len(entries):,} entries.")
            return
        with opened_desk(data_dir, database_url, server, token) as desk:
            added, changed = desk.plan.save(entries)
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}") from error
    except PlanError as error:
        raise typer.BadParameter(f"{path.name}: {error}") from error
    say(f"Of {len(entries):,} entries {added:,} are new and {changed:,} changed.")


def export(
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Write the plan as CSV."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        sys.stdout.buffer.write(write_plan([one.entry for one in desk.plan.standing()]).encode())
