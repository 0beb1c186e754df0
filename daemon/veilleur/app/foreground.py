"""What every long-running command shares: it runs until it is told to stop."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Final

Say = Callable[[str], None]

_STANDARD_ERROR: Final = 2


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


def goes_to_the_journal() -> bool:
    """Tell whether what is said is kept by systemd's journal (systemd.exec(5), `$JOURNAL_STREAM`)."""
    stream = os.fstat(_STANDARD_ERROR)
    return os.environ.get("JOURNAL_STREAM") == f"{stream.st_dev}:{stream.st_ino}"
