"""`veilleur replay`: notification logs played through the same line as a live tablet."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import available_timezones

import typer

from veilleur.cli import wiring
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir
from veilleur.cli.output.replay_bar import ReplayBar
from veilleur.cli.output.replay_report import report_preview, report_replay
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import logged_settings
from veilleur.model.arrival import Fate
from veilleur_bridge.errors import LogError
from veilleur_bridge.sources.log_format import DateOrder, ExportHints, LogFormat

if TYPE_CHECKING:
    from veilleur.app.replaying import ReplayOptions
    from veilleur.app.settings import Settings

EXAMPLES: Final = examples(
    ("veilleur replay samples/restaurant-week.jsonl", "A log into the database; twice adds nothing"),
    ("veilleur replay --dry-run samples/restaurant-week.jsonl", "What would be captured, without storing anything"),
    (
        "adb shell dumpsys notification --noredact | veilleur replay - --device salon-1",
        "A tablet's notifications over adb",
    ),
    ("veilleur replay 'WhatsApp Chat - Atelier.zip' --zone Europe/Paris", "A chat that WhatsApp exported"),
    ("veilleur replay *.jsonl.zst --via mqtt", "Compressed logs, sent through the broker as a tablet would"),
)
_STANDARD_INPUT: Final = "-"
_SOME_DEAD: Final = 1
_SOME_UNREADABLE: Final = 2


class Via(StrEnum):
    """What a replay passes through before the line."""

    MQTT = "mqtt"


_Files = Annotated[
    list[str], typer.Argument(metavar="FILE…", help="Logs, also .gz and .zst; - is standard input.", show_default=False)
]
_LogFormat = Annotated[
    LogFormat | None, typer.Option("--format", "-f", show_default=False, help="Where the first lines do not tell.")
]
_Device = Annotated[str, typer.Option("--device", metavar="NAME", help="The tablet, where the log does not name it.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Print what would be captured; store and send nothing.")]
_Zone = Annotated[
    str | None,
    typer.Option("--zone", metavar="NAME", show_default=False, help="Europe/Paris: where a log's times have no zone."),
]
_DateOrder = Annotated[
    DateOrder | None,
    typer.Option("--date-order", show_default=False, help="Of an exported chat whose dates do not tell it."),
]
_Conversation = Annotated[
    str | None,
    typer.Option("--conversation", metavar="TITLE", show_default=False, help="Of an exported chat without one."),
]
_OwnName = Annotated[
    str | None,
    typer.Option("--own-name", metavar="NAME", show_default=False, help="Who exported a chat: not a mention's actor."),
]
_Via = Annotated[Via | None, typer.Option("--via", show_default=False, help="Send it through a broker instead.")]


def replay(  # noqa: PLR0913 - a command's parameters are its options
    files: _Files,
    *,
    format: _LogFormat = None,  # noqa: A002 - the flag's name
    device: _Device = "import",
    dry_run: _DryRun = False,
    via: _Via = None,
    zone: _Zone = None,
    date_order: _DateOrder = None,
    conversation: _Conversation = None,
    own_name: _OwnName = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Play notification logs into the database.

    Ends with 0 when every record was parsed, ignored, quarantined or a duplicate; with 1 when a record was dead or a
    file ended early; with 2 when a file is missing or of no known format. Every file is tried.
    """
    settings = logged_settings(data_dir=data_dir, database_url=database_url)
    paths = [None if name == _STANDARD_INPUT else Path(name) for name in files]
    hints = ExportHints(date_order, conversation, own_name)
    options = wiring.ReplayOptions(format, device, via is Via.MQTT, _known_zone(zone), hints)
    play = _preview if dry_run else _replay
    raise typer.Exit(play(settings, paths, options))


def _known_zone(name: str | None) -> str | None:
    if name is None or name in available_timezones():
        return name
    raise typer.BadParameter(f"--zone: {name} is no time zone; write it as Europe/Paris, America/Bogota or UTC")


def _replay(settings: Settings, paths: list[Path | None], options: ReplayOptions) -> int:
    code = 0
    summaries = []
    for path in paths:
        try:
            with ReplayBar() as bar:
                summaries.append(wiring.replay_files(settings, [path], options, bar.show))
        except LogError as error:
            say(f"veilleur: {error}")
            code = _SOME_UNREADABLE
    if summaries:
        report_replay(summaries, None if options.via_mqtt else _mentions_now(settings))
    is_whole = not any(summary.ended_early or summary.fate.dead for summary in summaries)
    return code or (0 if is_whole else _SOME_DEAD)


def _mentions_now(settings: Settings) -> int:
    database = wiring.open_store(settings)
    try:
        return wiring.total_mentions(database, settings.scope)
    finally:
        database.close()


def _preview(settings: Settings, paths: list[Path | None], options: ReplayOptions) -> int:
    code = 0
    fate = Fate()
    for path in paths:
        try:
            fate += report_preview(wiring.preview_files(settings, [path], options))
        except LogError as error:
            say(f"veilleur: {error}")
            code = _SOME_UNREADABLE
    say(
        f"Nothing was stored: {fate.parsed:,} parsed, {fate.ignored:,} ignored, {fate.quarantined:,} quarantined, "
        f"{fate.dead:,} dead, {fate.new_mentions:,} mentions in them."
    )
    return code or (_SOME_DEAD if fate.dead else 0)
