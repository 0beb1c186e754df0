"""What every table has in common: plain rules, texts as they are, no cell that drives the terminal."""

from __future__ import annotations

from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from veilleur.cli.output.visible import in_one_line

WIDE: Final = 110
"""Columns of a terminal from which on a table of many columns keeps each to itself."""
_LINE_END: Final = Text("\n")


def bare_table() -> Table:
    """Return a table with a line under its header and nothing else drawn."""
    return Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False, padding=(0, 1, 0, 0))


def cell(text: str | None, style: str = "") -> Text:
    """Return somebody's text as a cell, a dash where there is none."""
    return Text("–" if text is None else in_one_line(text), style=style)


def stack(*cells: Text) -> Text:
    """Return cells as one, line under line, for where they do not fit side by side."""
    return _LINE_END.join(cells)
