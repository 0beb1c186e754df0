"""How long a trial may take here and now: its bound holds on a machine with a core for each process that wants one."""

from __future__ import annotations

import os


def granted_seconds(bound_seconds: float) -> float:
    """Return a trial's bound, as many times longer as processes shared a core of this machine in the last minute."""
    return bound_seconds * processes_a_core()


def processes_a_core() -> float:
    """Return how many processes wanted each core in the last minute, 1 at least."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
