"""Where words go: results to standard output, everything else to standard error."""

from __future__ import annotations

import typer
from rich.console import Console

from veilleur.cli.output.visible import escaped


def say(text: str) -> None:
    """Write a message for the person to standard error; what others wrote in it cannot drive the terminal.

    It is written at once, so that no other thread's line comes between its own.
    """
    typer.echo("\n".join(map(escaped, text.split("\n"))), err=True)


def answer(text: str) -> None:
    """Write one line of the result to standard output."""
    typer.echo(escaped(text))


def result_console() -> Console:
    """Return the console of standard output; texts are shown as they are, without markup or highlighting."""
    return Console(markup=False, highlight=False, emoji=False)


def message_console() -> Console:
    """Return the console of standard error."""
    return Console(stderr=True, markup=False, highlight=False, emoji=False)
