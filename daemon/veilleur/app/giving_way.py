"""How whoever follows commits in the process that makes them leaves most of its time to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

# One interpreter commits and follows: over a backlog each would take half of it, and the tablets wait for the commits.
_RESTS: Final = 9
_LONGEST_REST_S: Final = 1.0
_QUIET_AFTER_S: Final = 0.5


class GivingWay:
    """Rests nine times as long as was worked, at most a second, while commits come one after another.

    What is left behind is made up for once they do not.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._committed_at_s = -_QUIET_AFTER_S
        self._rests_until_s = 0.0

    def committed(self) -> None:
        """Tell that there was a commit; safe from another thread."""
        self._committed_at_s = self._clock()

    def rest_s(self) -> float:
        """Return how long to wait with the next work, zero where nothing is in the way of it."""
        now = self._clock()
        return max(self._rests_until_s - now, 0.0) if now < self._committed_at_s + _QUIET_AFTER_S else 0.0

    @contextmanager
    def working(self) -> Iterator[None]:
        """Count what is done inside as work."""
        began = self._clock()
        try:
            yield
        finally:
            now = self._clock()
            self._rests_until_s = now + min(_RESTS * (now - began), _LONGEST_REST_S)
