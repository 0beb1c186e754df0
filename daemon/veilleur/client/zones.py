"""The name by which a server knows a time zone."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Protocol, runtime_checkable

from veilleur.client.errors import NotUnderstood


@runtime_checkable
class NamedZone(Protocol):
    """A zone that knows its IANA name, as `zoneinfo.ZoneInfo` does."""

    @property
    def key(self) -> str | None: ...


def zone_name(zone: tzinfo) -> str:
    """Return a zone's IANA name; raises NotUnderstood for a zone that has none."""
    if zone is UTC:
        return "UTC"
    if isinstance(zone, NamedZone) and zone.key:
        return zone.key
    raise NotUnderstood("a server needs the IANA name of a time zone: give ZoneInfo('Europe/Paris'), or set TZ to one")
