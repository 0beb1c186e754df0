"""`veilleur report schedule`, `list` and `remove`: reports that are sent again and again."""

from __future__ import annotations

import re
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from veilleur.cli.commands.watches import WatchName
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, Server, ServerToken
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.report_schedules import SCHEDULES
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import LocalZone, shown_minute, viewer_zone
from veilleur.model.report_schedule import Every, ReportKind, ReportScheduleDraft, ReportScheduleId
from veilleur.wording.languages import Language

SCHEDULE_EXAMPLES: Final = examples(
    ("veilleur report schedule plastique --every week --at 08:00 --to direction --language fr", "Each Monday at eight"),
    ("veilleur report schedule plastique --morning --every day --at 07:30 --to lea", "“Nothing urgent, 3 to read”"),
)
LIST_EXAMPLES: Final = examples(("veilleur report list", "What is sent when, to whom"))
REMOVE_EXAMPLES: Final = examples(("veilleur report remove 1", "It is sent no more"))
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")

_Every = Annotated[Every, typer.Option("--every", help="A week's comes on Monday, a month's on the first.")]
_At = Annotated[str, typer.Option("--at", metavar="HH:MM", help="The hour, in the zone.")]
_Zone = Annotated[str | None, typer.Option("--zone", metavar="ZONE", show_default=False, help="Else that of here.")]
_To = Annotated[list[str], typer.Option("--to", metavar="RECEIVER", help="A receiver's name; several times for more.")]
_Morning = Annotated[bool, typer.Option("--morning", help="One line, and what to read first, instead of the report.")]
_Private = Annotated[bool, typer.Option("--private", help="What is private or of a group too.")]
_Language = Annotated[Language, typer.Option("--language", "-l", help="Its language.")]
_Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="As `veilleur report list` shows it.")]


def schedule(  # noqa: PLR0913 - a command's parameters are its options
    watch: WatchName,
    *,
    to: _To,
    every: _Every = Every.WEEK,
    at: _At = "08:00",
    zone: _Zone = None,
    language: _Language = Language.ENGLISH,
    morning: _Morning = False,
    private: _Private = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Have a report of a watch sent from now on, or with --morning a short message.

    What was missed while no daemon ran is sent once, late, and says so.
    """
    draft = ReportScheduleDraft(
        watch=watch,
        kind=ReportKind.MORNING if morning else ReportKind.REPORT,
        every=every,
        at_minute=_minute(at),
        zone=_known(zone or LocalZone().key or "UTC"),
        language=language.value,
        with_private=private,
        receivers=tuple(dict.fromkeys(to)),
    )
    with opened_desk(data_dir, database_url, server, token) as desk:
        made = desk.reports.schedule(draft)
    if made is None:
        raise typer.BadParameter(f"there is no watch {watch} that goes on, or no receiver {' or '.join(to)}")
    say(f"{made.id}: sent first at {shown_minute(made.due_at, viewer_zone(is_utc=False))}")


def listed(
    *,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List what is sent when, and to whom."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        found = desk.reports.schedules()
    SCHEDULES.write(format, found, viewer_zone(is_utc=False))
    if not found:
        say("Nothing is scheduled: `veilleur report schedule WATCH --to RECEIVER` has a report sent.")


def remove(
    number: _Number,
    *,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """End a schedule."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        if not desk.reports.remove_schedule(ReportScheduleId(number)):
            raise typer.BadParameter(f"there is no schedule {number}: `veilleur report list` shows them")
    say(f"{number} is sent no more.")


def _minute(text: str) -> int:
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise typer.BadParameter("an hour such as 08:00", param_hint="--at")
    return int(match[1]) * 60 + int(match[2])


def _known(zone: str) -> str:
    try:
        return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise typer.BadParameter("a time zone such as Europe/Paris", param_hint="--zone") from error
