"""When a mention happened, and how well we know (DESIGN §4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from veilleur.model.kinds import TimeQuality
from veilleur.store.instants import EARLIEST_MS, TOLERANCE_MS, to_ms

# In every zone: a day within what Python's dates reach.
_CALENDAR_MS: Final = range(to_ms(datetime(1, 1, 2, tzinfo=UTC)), to_ms(datetime(9999, 12, 31, tzinfo=UTC)))


def happened(occurred_at_ms: int | None, captured_at_ms: int, received_at_ms: int) -> tuple[int, TimeQuality]:
    """Return the first plausible of the event's own time, the device's clock and ours, and which it is.

    Plausible is 2015 to ten minutes after we received it: notifications carry 0, the future and absurd values.
    """
    for at_ms, quality in ((occurred_at_ms, TimeQuality.OCCURRED), (captured_at_ms, TimeQuality.CAPTURED)):
        if at_ms is not None and EARLIEST_MS <= at_ms <= received_at_ms + TOLERANCE_MS:
            return at_ms, quality
    return received_at_ms, TimeQuality.RECEIVED


def dated(at_ms: int | None) -> int | None:
    """Return the time where a calendar holds it, else None: of an absurd one no reader could make a date."""
    return at_ms if at_ms is not None and at_ms in _CALENDAR_MS else None
