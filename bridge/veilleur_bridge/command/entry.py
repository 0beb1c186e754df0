"""The console script `veilleur-bridge`, with every source."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final, NoReturn

from veilleur_bridge.command.adb import ADB
from veilleur_bridge.command.feed import FEED
from veilleur_bridge.command.simulate import SIMULATE
from veilleur_bridge.command.subcommand import run_one_of
from veilleur_bridge.command.termux import TERMUX

SUBCOMMANDS: Final = (ADB, TERMUX, FEED, SIMULATE)
"""Every source that can be named."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one source (default: this process's arguments) and end the process with its exit code."""
    sys.exit(run_one_of(SUBCOMMANDS, arguments))


if __name__ == "__main__":
    main()
