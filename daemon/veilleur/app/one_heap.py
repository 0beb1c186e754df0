"""How glibc keeps memory, in processes whose threads each handle much for a moment."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from contextlib import suppress
from typing import Final

# mallopt(3): M_ARENA_MAX, M_MMAP_THRESHOLD
_ARENA_MAX: Final = -8
_MMAP_THRESHOLD: Final = -3
_LARGE_BYTES: Final = 256 * 1024
_GIVE_BACK_EVERY_S: Final = 1.0


def share_one_heap() -> None:
    """Let all threads share one heap, large pieces apart; to be called before any thread is started.

    By default glibc gives each thread a heap of its own, and keeps in each what its busiest moment took: over a
    backlog the committing process grew by 37 MiB instead of 31. A batch as it is sent is larger than a megabyte: glibc
    would learn to take such pieces from the heap as well, and keep them. Another C library is left as it is.
    """
    with suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_ARENA_MAX, 1)
        mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)


class FreedMemory:
    """Gives free pages in the midst of the heap back to the system, where glibc itself gives back its end alone.

    In the committing process 7 to 10 MiB of a heap of 48 lay there after the first batches. Another C library is left
    as it is.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._given_back_at_s = clock()
        self._trim = getattr(ctypes.CDLL(None), "malloc_trim", None)

    def give_back(self) -> None:
        """Do so, at most once a second; it takes about a millisecond, and other threads go on."""
        now = self._clock()
        if self._trim is not None and now - self._given_back_at_s >= _GIVE_BACK_EVERY_S:
            self._given_back_at_s = now
            self._trim(0)
