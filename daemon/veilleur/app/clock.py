"""The one clock; everything else is given it."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the current instant, aware and in UTC."""
    return datetime.now(UTC)
