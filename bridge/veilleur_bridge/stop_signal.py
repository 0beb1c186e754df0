"""What ends a program in the foreground, a device's as the daemon's: SIGTERM, or Ctrl+C."""

from __future__ import annotations

import signal
from contextlib import suppress
from queue import Empty, SimpleQueue
from types import FrameType


class StopSignal:
    """What a signal's handler tells and the main thread alone waits for.

    The handler runs on that thread, wherever it is: `threading.Event` would want the lock which the `wait` that was
    interrupted holds, and nothing would ever end. A `SimpleQueue` may be put into from anywhere.
    """

    def __init__(self) -> None:
        self._is_told = False
        self._told: SimpleQueue[None] = SimpleQueue()

    def tell(self) -> None:
        """Let `wait` return, now and ever after."""
        self._is_told = True
        self._told.put(None)

    def wait(self, at_most_s: float | None = None) -> bool:
        """Return True once it was told, before or after; False when the time is over before that."""
        if not self._is_told:
            with suppress(Empty):
                self._told.get(timeout=at_most_s)
        return self._is_told


def stop_signal() -> StopSignal:
    """Return what SIGTERM and SIGINT tell from now on; to be called on the main thread.

    Called before anything is started, so that a signal during the start is kept and everything ends in order.
    """
    stopped = StopSignal()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.tell()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    return stopped
