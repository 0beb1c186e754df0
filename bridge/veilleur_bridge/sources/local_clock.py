"""Times that a file writes without their zone, as instants."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final

_YEAR_10000_S: Final = 253_402_300_800


def at_ms_of(unix_s: float) -> int | None:
    """Return a Unix time in milliseconds; None for one that no message has (until 1970, after the year 9999)."""
    return int(unix_s * 1000) if 0 < unix_s < _YEAR_10000_S else None


class LocalClock:
    """Turns local times into UTC milliseconds, in the file's order: an hour that comes twice a year is told by it."""

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        self._last_ms = 0

    def at_ms(self, local: datetime) -> int | None:
        """Return the instant of a naive time in the zone (None: this machine's); None where it is none."""
        try:
            early, late = (at_ms_of(self._placed(local, fold).timestamp()) for fold in (0, 1))
        except (ValueError, OverflowError):
            return None
        if early is None or late is None:
            return None
        at_ms = late if early < self._last_ms <= late else early
        self._last_ms = at_ms
        return at_ms

    def _placed(self, local: datetime, fold: int) -> datetime:
        return local.replace(tzinfo=self._zone, fold=fold)


def zone_name(zone: tzinfo | None) -> str:
    """Return what a person calls the zone."""
    if zone is not None:
        return str(zone)
    return f"this machine's, {datetime.now().astimezone().tzname()}"
