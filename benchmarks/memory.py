"""Memory of a process and its children together, pages that they share counted once (PSS)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

_LOOK_EVERY_S = 0.25


def family_mib(process_id: int) -> float:
    """Return the memory of a process and its children; raises psutil.Error where it has ended."""
    parent = psutil.Process(process_id)
    return sum(one.memory_full_info().pss for one in [parent, *parent.children(recursive=True)]) / 2**20


@contextmanager
def watched_mib(process_id: int) -> Iterator[list[float]]:
    """Note the memory again and again until the block or the process ends."""
    seen: list[float] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(_LOOK_EVERY_S):
            with suppress(psutil.Error):
                seen.append(family_mib(process_id))

    watching = threading.Thread(target=look)
    watching.start()
    try:
        yield seen
    finally:
        ended.set()
        watching.join()
