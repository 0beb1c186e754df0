"""UTC instants as the tables keep them: integer milliseconds since 1970."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, overload

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


_EARLIEST: Final = datetime(2015, 1, 1, tzinfo=UTC)
_TOLERANCE: Final = timedelta(minutes=10)


def to_ms(at: datetime) -> int:
    """Return the milliseconds since 1970, rounded down."""
    return (at - _EPOCH) // _MILLISECOND


EARLIEST_MS: Final = to_ms(_EARLIEST)
"""No device's clock says an earlier time that is meant."""
TOLERANCE_MS: Final = _TOLERANCE // _MILLISECOND
"""How far a device's clock may be ahead of ours."""


def seen_ms(captured_at_ms: int, received_at_ms: int) -> int:
    """Return when something was captured by the device's clock, or received by ours where that is not plausible."""
    is_plausible = EARLIEST_MS <= captured_at_ms <= received_at_ms + TOLERANCE_MS
    return captured_at_ms if is_plausible else received_at_ms


@overload
def from_ms(ms: int) -> datetime: ...


@overload
def from_ms(ms: None) -> None: ...


def from_ms(ms: int | None) -> datetime | None:
    """Return the aware UTC datetime, None for None."""
    return None if ms is None else _EPOCH + timedelta(milliseconds=ms)
