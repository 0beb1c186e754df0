"""The zone of the person at the terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from veilleur.wording.own_zone import own_zone

_MINUTE: Final = "%Y-%m-%d %H:%M"


class LocalZone(tzinfo):
    """The zone of this machine with its summer times: a fixed offset would be wrong for half of the year."""

    @property
    def key(self) -> str | None:
        """Its IANA name, by which another machine knows it; None where the system tells only its rules."""
        return own_zone()

    def utcoffset(self, at: datetime | None) -> timedelta | None:
        return None if at is None else at.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, _at: datetime | None) -> timedelta | None:
        return None

    def tzname(self, at: datetime | None) -> str | None:
        return None if at is None else at.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, at: datetime) -> datetime:
        return at.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)


def viewer_zone(*, is_utc: bool) -> tzinfo:
    """Return the zone that times are shown and asked in."""
    return UTC if is_utc else LocalZone()


def shown_minute(at: datetime | None, zone: tzinfo) -> str:
    """Return an instant to the minute in the viewer's zone, a dash where there is none."""
    return "–" if at is None else at.astimezone(zone).strftime(_MINUTE)
