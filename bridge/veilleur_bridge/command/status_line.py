"""What a person sees of a running device: one line that is rewritten on a terminal, else a line for each change."""

from __future__ import annotations

from typing import Final, TextIO

_ERASE: Final = "\r\x1b[K"


class StatusLine:
    """Writes how the device is to one stream."""

    def __init__(self, stream: TextIO, *, columns: int | None) -> None:
        """Write to a terminal so many columns wide; None is no terminal."""
        self._stream = stream
        self._columns = columns
        self._shown = ""
        self._news = ""

    def show(self, news: str, figures: str) -> None:
        """Show what matters (`news`) and what only counts; without a terminal the news alone, when it changes."""
        if self._columns is None:
            if news != self._news:
                self._stream.write(f"{news}\n")
        else:
            line = f"{news} · {figures}"[: self._columns - 1]
            if line != self._shown:
                self._stream.write(f"{_ERASE}{line}")
                self._shown = line
        self._news = news
        self._stream.flush()

    def end(self, last: str) -> None:
        """Leave the line and say goodbye."""
        self._stream.write(f"{_ERASE if self._shown else ''}{last}\n")
        self._stream.flush()
