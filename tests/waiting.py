"""How a test waits: for a condition, until a deadline, never for a length of time."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

_Found = TypeVar("_Found")
_POLL_SECONDS = 0.02


def until(look: Callable[[], _Found | None], *, within_seconds: float, what: str) -> _Found:
    """Return the first true answer of `look`; fail, naming `what` was awaited, when the deadline passes."""
    deadline = time.monotonic() + within_seconds
    pause = Event()
    while True:
        if found := look():
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_seconds:g} s: {what}")
        pause.wait(_POLL_SECONDS)
