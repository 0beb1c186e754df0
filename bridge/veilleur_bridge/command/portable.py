"""The entry of `veilleur-bridge.pyz`: the sources that need nothing but Python (feeds need feedparser)."""

from __future__ import annotations

import sys
from typing import Final, NoReturn

from veilleur_bridge.command.adb import ADB
from veilleur_bridge.command.subcommand import run_one_of
from veilleur_bridge.command.termux import TERMUX

SUBCOMMANDS: Final = (TERMUX, ADB)
"""What runs without site-packages."""


def main() -> NoReturn:
    """Run one source and end the process with its exit code."""
    sys.exit(run_one_of(SUBCOMMANDS, None))
