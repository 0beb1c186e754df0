"""UTC instants as the tables keep them: integer milliseconds since 1970."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, overload

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    """Return the milliseconds since 1970, rounded down."""
    return (at - _EPOCH) // _MILLISECOND


@overload
def from_ms(ms: int) -> datetime: ...


@overload
def from_ms(ms: None) -> None: ...


def from_ms(ms: int | None) -> datetime | None:
    """Return the aware UTC datetime, None for None."""
    return None if ms is None else _EPOCH + timedelta(milliseconds=ms)
