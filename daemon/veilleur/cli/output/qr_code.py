"""A QR code drawn in the terminal with half blocks, dark on light whatever the terminal's colours."""

from __future__ import annotations

import io
import shutil
from typing import Final

import segno
import typer

_BORDER: Final = 2
_LIGHT_ON_DARK: Final = "\x1b[97;40m"
_PLAIN: Final = "\x1b[0m"


def draw_qr_code(text: str) -> int | None:
    """Draw it on standard error; where the terminal is too narrow draw nothing and return the columns it would take."""
    code = segno.make(text, error="l", micro=False)
    width = int(code.symbol_size(border=_BORDER)[0])
    if width > shutil.get_terminal_size().columns:
        return width
    drawn = io.StringIO()
    code.terminal(out=drawn, border=_BORDER, compact=True)
    for line in drawn.getvalue().splitlines():
        typer.echo(f"{_LIGHT_ON_DARK}{line}{_PLAIN}", err=True, color=True)
    return None
