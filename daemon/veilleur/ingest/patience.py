"""How long to wait before what failed is tried again: a busy database, a process that ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final

from veilleur.model.arrival import Fate
from veilleur.model.errors import StoreBusy

_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 5.0


def growing_pauses_s(first_s: float = _FIRST_PAUSE_S, longest_s: float = _LONGEST_PAUSE_S) -> Iterator[float]:
    """Yield `first_s`, then twice as long each time, at most `longest_s`."""
    pause_s = first_s
    while True:
        yield pause_s
        pause_s = min(pause_s * 2, longest_s)


def commit_patiently(commit: Callable[[], Fate], *, give_up_after_s: float) -> Fate:
    """Return what `commit` returns, tried again while the database is busy; raises StoreBusy when that lasts."""
    deadline = time.monotonic() + give_up_after_s
    for pause_s in growing_pauses_s():
        try:
            return commit()
        except StoreBusy:
            if time.monotonic() + pause_s > deadline:
                raise
            time.sleep(pause_s)
    raise AssertionError("pauses never end")
