"""Ids of events: UUID version 7, whose first bits are the time, so that they sort as they were made (RFC 9562 §5.7)."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID


def new_event_id(captured_at: datetime) -> str:
    """Return a fresh id for an event captured at that time."""
    at_ms = max(0, int(captured_at.timestamp() * 1000)) & (2**48 - 1)
    random_a, random_b = secrets.randbits(12), secrets.randbits(62)
    return str(UUID(int=at_ms << 80 | 0x7 << 76 | random_a << 64 | 0b10 << 62 | random_b))
