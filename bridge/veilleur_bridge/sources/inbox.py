"""What a source received and nobody took yet: bounded in number and bytes, so that a slow store costs no memory."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

from veilleur_bridge.delivery import Delivery

MAX_COUNT: Final = 10_000
MAX_BYTES: Final = 64 * 1024 * 1024
# A quarter of a megabyte of JSON can hold thousands of messages, each of them a row: a batch is bounded by this too.
TAKEN_BYTES: Final = 2 * 1024 * 1024


class Inbox:
    """A queue of deliveries between the thread that receives and the thread that stores."""

    def __init__(self, *, max_count: int = MAX_COUNT, max_bytes: int = MAX_BYTES) -> None:
        self._max_count = max_count
        self._max_bytes = max_bytes
        self._waiting: deque[Delivery] = deque()
        self._bytes = 0
        self._changed = threading.Condition()

    def offer(self, delivery: Delivery) -> bool:
        """Queue one delivery; False where there is no room. An empty inbox takes anything."""
        with self._changed:
            is_too_many = len(self._waiting) >= self._max_count
            is_too_heavy = self._bytes + len(delivery.payload) > self._max_bytes
            if self._waiting and (is_too_many or is_too_heavy):
                return False
            self._waiting.append(delivery)
            self._bytes += len(delivery.payload)
            self._changed.notify()
            return True

    def take(self, limit: int, wait_seconds: float) -> list[Delivery]:
        """Return what is there, oldest first, after waiting at most so long for the first.

        At most `limit` deliveries, and no more than begin within the first 2 MiB.
        """
        taken: list[Delivery] = []
        taken_bytes = 0
        with self._changed:
            if not self._waiting:
                self._changed.wait(wait_seconds)
            while self._waiting and len(taken) < limit and taken_bytes < TAKEN_BYTES:
                taken.append(self._waiting.popleft())
                taken_bytes += len(taken[-1].payload)
            self._bytes -= taken_bytes
        return taken

    def is_empty(self) -> bool:
        """Say whether everything was taken."""
        return not self._waiting
