"""`veilleur parsers new`, `allow` and `disallow`: apps that nobody described yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.agreement import require_agreement
from veilleur.cli.commands.reparse import show_summary
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir
from veilleur.cli.output.differences import write_differences
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.progress_bar import progress_bar
from veilleur.cli.output.terminal import answer, say
from veilleur.cli.store_access import logged_settings
from veilleur.cli.zones import viewer_zone

if TYPE_CHECKING:
    from veilleur.app.new_app import AppDraft

NEW_EXAMPLES: Final = examples(
    ("veilleur parsers new org.example.quartier", "Wordings found in what was captured, shown and asked about"),
    ("veilleur parsers new org.example.quartier --yes", "The same without asking; the files are yours to change"),
)
ALLOW_EXAMPLES: Final = examples(
    ("veilleur parsers allow org.example.chat", "Threads as messages, anything else as one mention of kind `other`"),
)
DISALLOW_EXAMPLES: Final = examples(
    ("veilleur parsers disallow org.example.chat", "Undo it, and take out what was read"),
)
_SHOWN: Final = 20
_Package = Annotated[str, typer.Argument(metavar="PACKAGE", help="The app's package, as `notifications` shows it.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def new(
    package: _Package,
    *,
    yes: _Yes = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Describe an app that no parser reads, from what was captured of it, and read the past again.

    It proposes patterns and what the channels tell, shows what would be read, and writes a folder of your own
    catalogues: `app.toml`, a file for each language, and golden cases. All that is read is private until you take
    kinds out of `private` in `app.toml`. A running daemon takes it over by itself.
    """
    settings = logged_settings(data_dir=data_dir, database_url=database_url)
    draft = wiring.draft_app(settings, package)
    for name, text in draft.files.items():
        say(f"# {settings.catalogues_dir / package / name}\n{text}")
    with progress_bar("Trying") as on_progress:
        differences = wiring.try_app(settings, draft, on_progress)
        write_differences(OutputFormat.TABLE, differences, viewer_zone(is_utc=False), _SHOWN)
    say("All of it is private: take out of `private` in app.toml the kinds that everybody can see in the app.")
    require_agreement(
        "Read the app so?", is_given=yes, unasked="writes the files and reads again", otherwise="Nothing was written."
    )
    with progress_bar("Reading again") as on_progress:
        summary = wiring.add_app(settings, draft, on_progress)
    answer(_written(draft))
    show_summary(summary)


def allow(package: _Package, *, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Read an app of which nothing is known as it is, and its past as well.

    Threads of messages are read as such; anything else becomes one private mention of kind `other`.
    """
    settings = logged_settings(data_dir=data_dir, database_url=database_url)
    with progress_bar("Reading again") as on_progress:
        summary = wiring.add_app(settings, wiring.allow_app(settings, package), on_progress)
    answer(f"{package} is read as it is; `veilleur parsers disallow {package}` undoes it")
    show_summary(summary)


def disallow(package: _Package, *, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Undo `allow`: what was read of the app is taken out, and its notifications stay in quarantine."""
    settings = logged_settings(data_dir=data_dir, database_url=database_url)
    with progress_bar("Reading again") as on_progress:
        summary = wiring.disallow_app(settings, package, on_progress)
    answer(f"{package} is no longer read")
    show_summary(summary)


def _written(draft: AppDraft) -> str:
    return f"{draft.package}: {len(draft.proposals)} patterns from {draft.notifications:,} notifications"
