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


def require_agreement(question: str, *, is_given: bool, unasked: str, otherwise: str) -> None:
    """Ask unless agreement `is_given` by a flag; where the answer is no, say `otherwise` and end the command with 1."""
    if not (is_given or is_agreed(question, unasked=unasked)):
        say(otherwise)
        raise typer.Exit(1)
