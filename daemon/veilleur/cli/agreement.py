"""Asks before what cannot be undone."""

from __future__ import annotations

import sys

import typer

from veilleur.cli.output.terminal import say
from veilleur.cli.output.visible import in_one_line


def is_agreed(question: str, *, unasked: str) -> bool:
    """Return whether the person at the terminal says yes; where there is nobody, `unasked` says what --yes would do."""
    if not sys.stdin.isatty():
        say(question)
        say(f"There is nobody to ask: --yes {unasked} without asking.")
        return False
    return typer.confirm(in_one_line(question), err=True)
