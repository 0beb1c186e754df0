"""What a source received and nobody took yet."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from typing import Final

from veilleur_bridge.delivery import Delivery

# A quarter of a megabyte of JSON can hold thousands of messages, each of them a row: a batch is bounded by this too.
TAKEN_BYTES: Final = 2 * 1024 * 1024


class Inbox:
    """A queue of deliveries between the thread that receives and the thread that stores."""

    def __init__(self) -> None:
        self._waiting: deque[Delivery] = deque()
        self._changed = threading.Condition()

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def put(self, deliveries: Sequence[Delivery]) -> None:
        """Queue what came, in order."""
        with self._changed:
            self._waiting.extend(deliveries)
            self._changed.notify()

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
        return taken
