"""Replay of a long log through the full line, as a person runs it: rate, CPU a record, peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.memory import watched_mib


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What one replay took; `peak_mib` is that of its processes together."""

    count: int
    seconds: float
    cpu_seconds: float
    peak_mib: float

    @property
    def rate(self) -> float:
        """Envelopes a second, start of the process to its end."""
        return self.count / self.seconds

    @property
    def cpu_us(self) -> float:
        """CPU microseconds an envelope."""
        return self.cpu_seconds / self.count * 1e6


def measure_replay(log: Path, count: int, data_dir: Path) -> ReplayResult:
    """Run `veilleur replay` on `log` into a fresh database."""
    command = [sys.executable, "-m", "veilleur.cli.entry", "replay", "--data-dir", str(data_dir), str(log)]
    began = time.monotonic()
    process = subprocess.Popen(command, env={**os.environ, "PYTHONWARNINGS": "default"}, stdout=subprocess.DEVNULL)
    with watched_mib(process.pid) as seen:
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"replay ended with {process.returncode}")
    return ReplayResult(count, seconds, usage.ru_utime + usage.ru_stime, max(seen, default=0.0))


def measure_reference(log: Path) -> float:
    """Return how many lines of `log` a second one process reads with `json.loads` alone.

    Machines are noisy: the replay's rate says little without what the same machine did in the same minute.
    """
    with log.open("rb") as lines:
        began = time.monotonic()
        count = sum(json.loads(line) is not None for line in lines)
        return count / (time.monotonic() - began)
