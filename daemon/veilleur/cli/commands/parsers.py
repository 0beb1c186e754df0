"""`veilleur parsers`: which apps are read, how what is read of them is known, and the plug-ins beside them."""

from __future__ import annotations

from datetime import UTC
from typing import Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.examples import examples
from veilleur.cli.options import DataDir, Format
from veilleur.cli.output import known_apps, known_wordings
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.terminal import answer
from veilleur.cli.store_access import settings_here

EXAMPLES: Final = examples(
    ("veilleur parsers", "Every app that is read, your own and plug-ins among them"),
    ("veilleur parsers --format csv > apps.csv", "For a spreadsheet"),
)
WORDINGS_EXAMPLES: Final = examples(
    ("veilleur parsers wordings", "Each kind of each app, and in which languages"),
    ("veilleur parsers wordings --format csv > wordings.csv", "For a spreadsheet"),
)
RESUME_EXAMPLES: Final = examples(("veilleur parsers resume veilleur-quartier", "Once its fault is mended"))


def parsers(
    context: typer.Context,
    *,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    data_dir: DataDir = None,
) -> None:
    """List the apps that are read, how their wordings are known, and in a table each kind with its languages.

    `own resources` were read in the app itself, `seen` by somebody, `inferred` ones are supposed: expect those to be
    wrong somewhere. A plug-in is suspended after its third death of a day, until it is resumed or replaced.
    """
    if context.invoked_subcommand is not None:
        return
    settings = settings_here(data_dir=data_dir)
    known_apps.LISTING.write(format, wiring.readable_apps(settings), UTC)
    if format is OutputFormat.TABLE:
        known_wordings.LISTING.write(format, wiring.known_wordings(settings), UTC)


def wordings(
    *,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    data_dir: DataDir = None,
) -> None:
    """List each kind that is read, how its wordings are known, and in which languages.

    In another language the channel still tells the kind, with low confidence.
    """
    known_wordings.LISTING.write(format, wiring.known_wordings(settings_here(data_dir=data_dir)), UTC)


def resume(
    distribution: Annotated[str, typer.Argument(metavar="PLUG-IN", help="Its distribution, as `parsers` lists it.")],
    *,
    data_dir: DataDir = None,
) -> None:
    """Let a suspended plug-in read again; what it left in quarantine is read by `veilleur quarantine retry`."""
    was_suspended = wiring.resume_plugin(settings_here(data_dir=data_dir), distribution)
    answer(f"{distribution} reads again" if was_suspended else f"{distribution} was not suspended")
