"""`veilleur-bridge` as a process of its own, as a person runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PROGRAM = (sys.executable, "-m", "veilleur_bridge.command.entry")
_END_WITHIN_SECONDS = 30


class BridgeProcess:
    """One running source; `said` is what it wrote to standard error."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._output = folder / "said.txt"
        environment = {**os.environ, "VEILLEUR_BRIDGE_DIR": str(folder / "state"), "PYTHONWARNINGS": "error"}
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)

    @property
    def said(self) -> str:
        return self._output.read_text()

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Stop it as a person or a service manager does, and return its exit code."""
        self._process.send_signal(how)
        return self._process.wait(_END_WITHIN_SECONDS)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(_END_WITHIN_SECONDS)

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None


@contextmanager
def running_bridge(
    arguments: Sequence[str], folder: Path, *, program: Sequence[str] = PROGRAM
) -> Iterator[BridgeProcess]:
    """Run a source until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    process = BridgeProcess([*program, *arguments], folder)
    try:
        yield process
    finally:
        if process.is_running:
            process.kill()


def run_bridge(arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a source that is to end by itself."""
    environment = {**os.environ, "VEILLEUR_BRIDGE_DIR": str(folder / "state")}
    return subprocess.run(
        [*PROGRAM, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
