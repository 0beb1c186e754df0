"""When a mention happened, and how well we know (DESIGN §4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from veilleur.model.kinds import TimeQuality

_EARLIEST_MS: Final = int(datetime(2015, 1, 1, tzinfo=UTC).timestamp()) * 1_000
_TOLERANCE_MS: Final = 10 * 60 * 1_000


def happened(occurred_at_ms: int | None, captured_at_ms: int, received_at_ms: int) -> tuple[int, TimeQuality]:
    """Return the first plausible of the event's own time, the device's clock and ours, and which it is.

    Plausible is 2015 to ten minutes after we received it: notifications carry 0, the future and absurd values.
    """
    for at_ms, quality in ((occurred_at_ms, TimeQuality.OCCURRED), (captured_at_ms, TimeQuality.CAPTURED)):
        if at_ms is not None and _EARLIEST_MS <= at_ms <= received_at_ms + _TOLERANCE_MS:
            return at_ms, quality
    return received_at_ms, TimeQuality.RECEIVED
