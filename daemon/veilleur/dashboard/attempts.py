"""Failed sign-ins, counted by who tries and from where: after a few, the next must wait."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Final

_COUNTED_FOR_S: Final = 15 * 60.0
_MOST_OF_ONE_NAME: Final = 5
_MOST_OF_ONE_ADDRESS: Final = 20
_MOST_REMEMBERED: Final = 10_000

_Key = tuple[str, str]


class FailedSignIns:
    """Remembers failures of the last quarter of an hour; `elapsed_s` measures time, never backwards."""

    def __init__(self, elapsed_s: Callable[[], float]) -> None:
        self._elapsed_s = elapsed_s
        self._lock = Lock()
        self._failures: dict[_Key, deque[float]] = {}

    def wait_s(self, name: str, address: str) -> float:
        """Return how many seconds must pass before the next attempt, 0 where none."""
        with self._lock:
            return max(self._wait_s(key, most) for key, most in _keys(name, address))

    def note(self, name: str, address: str) -> None:
        """Count a failure."""
        with self._lock:
            for key, most in _keys(name, address):
                # popped and set again, so that the one forgotten first failed longest ago
                failures = self._failures.pop(key, deque(maxlen=most))
                failures.append(self._elapsed_s())
                self._failures[key] = failures
            while len(self._failures) > _MOST_REMEMBERED:
                del self._failures[next(iter(self._failures))]

    def _wait_s(self, key: _Key, most: int) -> float:
        failures = self._failures.get(key)
        if failures is None or len(failures) < most:
            return 0.0
        return max(0.0, failures[0] + _COUNTED_FOR_S - self._elapsed_s())


def _keys(name: str, address: str) -> tuple[tuple[_Key, int], ...]:
    # A name is counted together with the address: nobody can lock somebody else out from elsewhere.
    return ((name, address), _MOST_OF_ONE_NAME), (("", address), _MOST_OF_ONE_ADDRESS)
