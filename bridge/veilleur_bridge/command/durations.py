"""Durations as people write them on a command line: `2s`, `15m`, `1h`, or seconds."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import Final

_WRITTEN: Final = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)(s|m|h|)")
_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600}


def duration(*, least_seconds: float, most_seconds: float) -> Callable[[str], float]:
    """Return a type for argparse that reads a duration within these bounds as seconds."""

    def read(written: str) -> float:
        found = _WRITTEN.fullmatch(written.strip())
        seconds = float(found[1]) * _SECONDS[found[2]] if found else -1.0
        if not least_seconds <= seconds <= most_seconds:
            bounds = f"{least_seconds:g} to {most_seconds:g} seconds"
            raise argparse.ArgumentTypeError(f"“{written}” is no duration of {bounds}: write 2s, 15m or 1h")
        return seconds

    return read
