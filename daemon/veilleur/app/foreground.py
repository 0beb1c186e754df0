"""What every long-running command shares: it runs until it is told to stop."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

Say = Callable[[str], None]

_STANDARD_ERROR: Final = 2


def goes_to_the_journal() -> bool:
    """Tell whether what is said is kept by systemd's journal (systemd.exec(5), `$JOURNAL_STREAM`)."""
    stream = os.fstat(_STANDARD_ERROR)
    return os.environ.get("JOURNAL_STREAM") == f"{stream.st_dev}:{stream.st_ino}"
