"""What every long-running command shares: it runs until it is told to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType

Say = Callable[[str], None]


def stop_signal() -> threading.Event:
    """Return what the first SIGTERM or SIGINT from now on sets; to be called on the main thread.

    Called before anything is started, so that a signal during the start is kept and everything ends in order.
    """
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    return stopped
