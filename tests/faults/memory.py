"""How much memory a daemon took."""

from __future__ import annotations

from pathlib import Path

import psutil

from tests.servers.daemon import Daemon


def peak_memory_bytes(daemon: Daemon) -> int:
    """Return the most that the daemon's processes held, each at its own worst moment."""
    own = psutil.Process(daemon.pid)
    statuses = [Path(f"/proc/{one.pid}/status").read_text() for one in (own, *own.children(recursive=True))]
    return sum(int(line.split()[1]) * 1024 for text in statuses for line in text.splitlines() if "VmHWM" in line)
