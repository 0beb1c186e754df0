"""A thread that does one thing again and again, and outlives its errors."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

import structlog

from veilleur.ingest.wordless import wordless

_PAUSE_AFTER_FAILURE_S: Final = 1.0

log = structlog.get_logger()


class LastingThread:
    """Calls `turn` until stopped; it returns how many seconds to wait for the next call, which `wake` brings forward.

    An error is logged by its type and place (its message may hold a notification's words), told by `failure` until a
    turn succeeds, and followed by the next turn a second later.
    """

    def __init__(self, name: str, turn: Callable[[], float]) -> None:
        self._name = name
        self._turn = turn
        self._woken = threading.Event()
        self._is_stopping = False
        self._failure: str | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def failure(self) -> str | None:
        """Why the newest turn failed, None where it did not; a thread that ended has failed."""
        if self._thread.is_alive() or self._is_stopping:
            return self._failure
        return f"the {self._name} thread has ended: restart the daemon"

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Let the next turn come at once; one that comes while a turn is under way is not lost."""
        self._woken.set()

    def stop(self, wait_seconds: float) -> None:
        """Finish the turn under way and end."""
        self._is_stopping = True
        self._woken.set()
        self._thread.join(wait_seconds)

    def _run(self) -> None:
        while True:
            # Cleared before the look: told to stop between the two, it would wait for its next turn first.
            self._woken.clear()
            if self._is_stopping:
                return
            self._woken.wait(self._turn_once())

    def _turn_once(self) -> float:
        try:
            pause_s = self._turn()
        except Exception as error:
            self._failure = wordless(error)
            log.warning("turn failed", thread=self._name, failure=self._failure)
            return _PAUSE_AFTER_FAILURE_S
        self._failure = None
        return pause_s
