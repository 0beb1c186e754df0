"""What a subcommand of `veilleur-bridge` is, and how one of several is run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from veilleur_bridge.errors import BridgeError

PROGRAM: Final = "veilleur-bridge"
UNUSABLE: Final = 2
_DESCRIPTION: Final = (
    "Send notifications to Veilleur without the companion app. Each source is a device of its own, with its own spool: "
    "what it has taken is sent until the daemon says that it is stored."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subcommand:
    """One source; `run` returns the exit code, and raises BridgeError for what a person must mend first."""

    name: str
    summary: str
    description: str
    examples: Sequence[str]
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def make_parser(subcommands: Sequence[Subcommand]) -> argparse.ArgumentParser:
    """Return the parser of the whole program."""
    parser = argparse.ArgumentParser(prog=PROGRAM, description=_DESCRIPTION)
    choices = parser.add_subparsers(metavar="SOURCE", required=True)
    for subcommand in subcommands:
        added = choices.add_parser(
            subcommand.name,
            help=subcommand.summary,
            description=subcommand.description,
            epilog="examples:\n" + "\n".join(f"  {example}" for example in subcommand.examples),
            formatter_class=_Formatter,
        )
        subcommand.add_arguments(added)
        added.set_defaults(run=subcommand.run)
    return parser


def run_one_of(subcommands: Sequence[Subcommand], arguments: Sequence[str] | None) -> int:
    """Run what the arguments name and return the exit code: 2, with a sentence, for what cannot be used."""
    chosen = make_parser(subcommands).parse_args(arguments)
    try:
        code: int = chosen.run(chosen)
    except BridgeError as error:
        sys.stderr.write(f"{PROGRAM}: {error}\n")
        return UNUSABLE
    except OSError as error:
        sys.stderr.write(f"{PROGRAM}: {error.filename or 'the system'}: {error.strerror}\n")
        return UNUSABLE
    return code


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Wraps the description as argparse does, and leaves the examples as they are written."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if text.startswith("examples:"):
            return super()._fill_text(text, width, indent)
        return argparse.HelpFormatter._fill_text(self, text, width, indent)  # noqa: SLF001 - argparse's own way to choose
