"""Runs another program to read its output: bounded in time and size, ended with all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Final

MOST_OUTPUT_BYTES: Final = 32 * 1024 * 1024
_MOST_COMPLAINT_BYTES: Final = 4096
_GRACE_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class CommandOutput:
    """What a program printed; `complaint` is the beginning of its standard error.

    Where it `timed_out` or its output `is_too_long` it was ended, and the output is what came until then.
    """

    output: bytes
    complaint: str
    exit_code: int
    timed_out: bool
    is_too_long: bool


class CommandRun:
    """Runs one program at a time; `cancel` ends it from another thread or a signal handler."""

    def __init__(self, *, timeout_seconds: float, most_bytes: int = MOST_OUTPUT_BYTES) -> None:
        self._timeout_seconds = timeout_seconds
        self._most_bytes = most_bytes
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, command: Sequence[str]) -> CommandOutput:
        """Run a program to its end; raises OSError where it cannot be started."""
        out_of_time = threading.Event()
        with tempfile.TemporaryFile() as complaints:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
                start_new_session=True,
            )
            self._process = process
            timer = threading.Timer(self._timeout_seconds, self._time_out, (out_of_time,))
            timer.start()
            try:
                output = _read_all(process, self._most_bytes + 1)
            finally:
                timer.cancel()
                self._process = None
            complaints.seek(0)
            complaint = complaints.read(_MOST_COMPLAINT_BYTES).decode("utf-8", "replace").strip()
        is_too_long = len(output) > self._most_bytes
        return CommandOutput(
            output[: self._most_bytes], complaint, process.returncode, out_of_time.is_set(), is_too_long
        )

    def cancel(self) -> None:
        """End the program that runs, with what it started; nothing where none does."""
        process = self._process
        if process is not None:
            _kill_group(process)

    def _time_out(self, out_of_time: threading.Event) -> None:
        out_of_time.set()
        self.cancel()


def _read_all(process: subprocess.Popen[bytes], most_bytes: int) -> bytes:
    """Return what it prints until everybody closed the pipe, and its end; whatever it does after is cut short."""
    try:
        with process.stdout or BytesIO() as pipe:
            return pipe.read(most_bytes)
    finally:
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            _kill_group(process)
            process.wait()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
