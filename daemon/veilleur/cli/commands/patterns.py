"""`veilleur patterns`: an app changed its words; patterns for the new ones are proposed, tried and added."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.agreement import require_agreement
from veilleur.cli.commands.reparse import show_summary
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Everything, Format, InUtc, chosen_limit
from veilleur.cli.output.differences import write_differences
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.progress_bar import progress_bar
from veilleur.cli.output.terminal import answer, say
from veilleur.cli.store_access import logged_settings
from veilleur.cli.zones import viewer_zone
from veilleur.model.wire import dump_line

if TYPE_CHECKING:
    from veilleur.app.patterns import Proposal
    from veilleur.app.settings import Settings

SUGGEST_EXAMPLES: Final = examples(
    ("veilleur patterns suggest", "Patterns for what nobody knew, ready for a catalogue"),
    ("veilleur patterns suggest --format jsonl", "The same for a program"),
)
TEST_EXAMPLES: Final = examples(
    ("veilleur patterns test", "What the suggested patterns would change; nothing is stored"),
    ("veilleur patterns test tiktok/fr.toml", "The same for patterns of your own"),
)
ACCEPT_EXAMPLES: Final = examples(
    ("veilleur patterns accept", "Add every suggested pattern; it shows them and asks"),
    ("veilleur patterns accept --only suggested_like_3f9a1c", "One of them"),
    ("veilleur patterns accept fr.toml --app tiktok --yes", "Patterns of your own, without asking"),
)
_File = Annotated[
    Path | None,
    typer.Argument(metavar="FILE", show_default=False, help="A catalogue, APP/LANGUAGE.toml (else what is suggested)."),
]
_App = Annotated[str | None, typer.Option("--app", show_default=False, help="The app, where the folder does not say.")]
_Language = Annotated[
    str | None, typer.Option("--language", show_default=False, help="The language, where the file's name does not say.")
]
_Only = Annotated[
    list[str] | None, typer.Option("--only", metavar="ID", show_default=False, help="Only this suggestion; repeatable.")
]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def suggest(
    *,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Print a catalogue entry for each wording that nobody knew, the most frequent first; nothing is stored.

    Look at the slots and the kind before you accept one: a suggestion is named after the known wording next to it.
    """
    settings = logged_settings(data_dir=data_dir, database_url=database_url)
    proposals = wiring.suggest(settings, settings.scope)
    if not proposals:
        say("No wording is unknown.")
    for one in proposals:
        lines = _entry(one).split("\n") if format is OutputFormat.TABLE else [dump_line(_fields(one)).decode()]
        for line in lines:
            answer(line)


def try_out(  # noqa: PLR0913 - a command's parameters are its options
    file: _File = None,
    *,
    app: _App = None,
    language: _Language = None,
    only: _Only = None,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    everything: Everything = False,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Read the whole raw log with these patterns and show what would change; nothing is stored."""
    settings = logged_settings(data_dir=data_dir, database_url=database_url)
    at_most = chosen_limit(format, None, everything=everything)
    additions = _additions(settings, file, app, language, only)
    if additions:
        with progress_bar("Trying") as on_progress:
            differences = wiring.try_patterns(settings, additions, on_progress)
            write_differences(format, differences, viewer_zone(is_utc=utc), at_most)


def accept(  # noqa: PLR0913 - a command's parameters are its options
    file: _File = None,
    *,
    app: _App = None,
    language: _Language = None,
    only: _Only = None,
    yes: _Yes = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Add patterns to your own catalogues, and read again what nobody had understood.

    A running daemon takes them over by itself.
    """
    settings = logged_settings(data_dir=data_dir, database_url=database_url)
    additions = _additions(settings, file, app, language, only)
    if not additions:
        return
    for (of_app, of_language), entries in additions.items():
        say(f"# {settings.catalogues_dir / of_app / of_language}.toml\n{entries.strip()}\n")
    require_agreement("Add these patterns?", is_given=yes, unasked="adds them", otherwise="Nothing was added.")
    with progress_bar("Reading again") as on_progress:
        summary = wiring.accept_patterns(settings, additions, on_progress)
    show_summary(summary)


def _additions(
    settings: Settings, file: Path | None, app: str | None, language: str | None, only: Sequence[str] | None
) -> dict[tuple[str, str], str]:
    if file is not None:
        return wiring.read_additions(file, app, language)
    proposals = [
        one
        for one in wiring.suggest(settings, settings.scope)
        if app in (None, one.app) and language in (None, one.language)
    ]
    absent = set(only or ()) - {one.name for one in proposals}
    if absent:
        raise typer.BadParameter(f"nothing suggested is named {', '.join(sorted(absent))}: see `patterns suggest`")
    chosen = [one for one in proposals if not only or one.name in only]
    if not chosen:
        say("No wording is unknown: there is nothing to add.")
    return wiring.additions_of(chosen)


def _entry(one: Proposal) -> str:
    like = f"like {one.like}" if one.like else "like no known one: choose its kind"
    times = "once" if one.count == 1 else f"{one.count:,} times"
    return f"# {one.app}/{one.language}.toml: seen {times}, {like}\n{one.as_toml()}"


def _fields(one: Proposal) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__struct_fields__} | {"toml": one.as_toml()}
