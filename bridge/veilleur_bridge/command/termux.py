"""`veilleur-bridge termux`: the tablet that this runs on, read by Termux:API."""

from __future__ import annotations

import argparse
from typing import Final

from veilleur_bridge.command.durations import duration
from veilleur_bridge.command.identity import add_identity_arguments, identity_of
from veilleur_bridge.command.running import poll_list, run_device
from veilleur_bridge.command.subcommand import Subcommand
from veilleur_bridge.envelope import SourceKind
from veilleur_bridge.sources.command_run import CommandRun
from veilleur_bridge.sources.termux import PROGRAM, TermuxList

_TIMEOUT_SECONDS: Final = 30.0


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--interval",
        type=duration(least_seconds=1, most_seconds=3600),
        default=5.0,
        metavar="TIME",
        help="how long to wait between two looks (default: 5s); what comes and goes in between is not seen",
    )
    parser.add_argument(
        "--list-program",
        default=PROGRAM,
        metavar="PROGRAM",
        help=f"the program that prints the list (default: {PROGRAM})",
    )
    add_identity_arguments(parser)


def _run(arguments: argparse.Namespace) -> int:
    identity = identity_of(arguments, SourceKind.TERMUX)
    tablet = TermuxList(CommandRun(timeout_seconds=_TIMEOUT_SECONDS), program=arguments.list_program)
    return run_device(identity, SourceKind.TERMUX, arguments.interval, lambda parts: poll_list(parts, tablet))


TERMUX: Final = Subcommand(
    name="termux",
    summary="the tablet that this runs on, by Termux:API",
    description=(
        "Read this tablet's own notifications by Termux:API. It needs the apps Termux and Termux:API, and "
        "`pkg install python termux-api`."
    ),
    examples=(
        "python veilleur-bridge.pyz termux --pair veilleur:eyJ2IjoxLCJkZXZpY2UiOi…",
        "python veilleur-bridge.pyz termux --interval 10s",
    ),
    add_arguments=_add_arguments,
    run=_run,
)
