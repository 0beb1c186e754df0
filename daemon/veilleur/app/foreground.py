"""What every long-running command shares: it runs until it is told to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType

Say = Callable[[str], None]


def wait_until_stopped() -> None:
    """Return at the first SIGTERM or SIGINT; to be called on the main thread."""
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    stopped.wait()
