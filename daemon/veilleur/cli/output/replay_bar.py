"""How far a replay is: a bar with rate and time left, on a terminal only."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from veilleur.cli.output.terminal import message_console
from veilleur.cli.output.visible import in_one_line

if TYPE_CHECKING:
    from veilleur.app.replaying import ReplayProgress


class ReplayBar:
    """Shows one file's progress on standard error while it is entered."""

    def __init__(self) -> None:
        console = message_console()
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rate]}", markup=False),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("Opening", total=None, rate="")
        self._began = time.monotonic()

    def show(self, progress: ReplayProgress) -> None:
        """Move the bar to where the reader is."""
        seconds = max(time.monotonic() - self._began, 0.001)
        self._progress.update(
            self._task,
            description=in_one_line(progress.file),
            completed=progress.bytes_read,
            total=progress.total_bytes,
            rate=f"{progress.deliveries / seconds:,.0f}/s",
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
