"""How an unexpected error is told: without message and traceback, for either may hold a notification's words."""

from __future__ import annotations

import traceback


def wordless(error: Exception) -> str:
    """Return what kind of error it was, and where it was raised."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {frame.name}:{frame.lineno}"
