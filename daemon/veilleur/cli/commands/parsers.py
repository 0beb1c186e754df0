"""`veilleur parsers`: which kinds are read in which languages, and how the wordings are known."""

from __future__ import annotations

from datetime import UTC
from typing import Final

from veilleur.cli import wiring
from veilleur.cli.examples import examples
from veilleur.cli.options import DataDir, Format
from veilleur.cli.output.known_wordings import LISTING
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.store_access import effective_settings

EXAMPLES: Final = examples(
    ("veilleur parsers", "What is read, your own catalogues among it"),
    ("veilleur parsers --format csv > wordings.csv", "For a spreadsheet"),
)


def parsers(
    *,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    data_dir: DataDir = None,
) -> None:
    """List what the parsers read: each kind, how its wordings are known, and in which languages.

    `own resources` were read in the app itself, `seen` by somebody, `inferred` ones are supposed: expect those to be
    wrong somewhere. In another language the channel still tells the kind, with low confidence.
    """
    LISTING.write(format, wiring.known_wordings(effective_settings(data_dir=data_dir)), UTC)
