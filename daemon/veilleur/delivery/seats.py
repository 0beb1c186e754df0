"""Who follows live at once: so many in all and so many for each, since every one of them costs looks at the store."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Final

MOST_STREAMS: Final = 200
MOST_STREAMS_EACH: Final = 20


class StreamSeats:
    """Counts streams under way; may be asked from several threads at once."""

    def __init__(self, *, most: int = MOST_STREAMS, most_each: int = MOST_STREAMS_EACH) -> None:
        self._most = most
        self._most_each = most_each
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        """How many streams there are."""
        with self._lock:
            return self._taken.total()

    def take(self, who: str) -> str | None:
        """Take a seat, to be left again; where there is none, return why."""
        with self._lock:
            if self._taken[who] >= self._most_each:
                return (
                    f"This token follows {self._most_each} streams already: close one, or make a token for each reader."
                )
            if self._taken.total() >= self._most:
                return f"{self._most} streams are followed here already: close one, or ask `/changes` now and then."
            self._taken[who] += 1
        return None

    def leave(self, who: str) -> None:
        """Give a seat back."""
        with self._lock:
            self._taken[who] -= 1
            self._taken += Counter()
