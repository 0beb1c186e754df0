"""A terminal without a person: what a command writes to it can be read."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """What a command wrote to the terminal, and to the stream that was none."""

    code: int
    terminal: str
    other: str


def run_on_terminal(*arguments: str, stream: str) -> Shown:
    """Run a command with one of its streams (`stdout`, `stderr`) on a terminal."""
    ours, theirs = pty.openpty()
    other = "stderr" if stream == "stdout" else "stdout"
    process = subprocess.Popen(
        [sys.executable, "-m", "veilleur.cli.entry", *arguments],
        env={**os.environ, "TERM": "xterm"},
        stdout=theirs if stream == "stdout" else subprocess.PIPE,
        stderr=theirs if stream == "stderr" else subprocess.PIPE,
    )
    os.close(theirs)
    terminal = read_to_end(ours)
    with process:
        piped = getattr(process, other).read().decode()
    return Shown(process.returncode, terminal, piped)


def read_to_end(terminal: int) -> str:
    """Return everything that was written to the other end of a pseudo-terminal."""
    shown = b""
    with open(terminal, "rb", buffering=0) as stream:
        try:
            while some := stream.read(4096):
                shown += some
        except OSError:  # Linux says EIO where the other end was closed
            pass
    return shown.decode()
