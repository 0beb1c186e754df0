"""Whether the daemon can do its work, part by part."""

from __future__ import annotations

from msgspec import Struct


class PartState(Struct, frozen=True):
    """One part (`database`, `broker`, `source`); `detail` is a short phrase for a person, None when all is well."""

    name: str
    is_ok: bool
    detail: str | None = None


class Readiness(Struct, frozen=True):
    """Ready when every part that the role needs is."""

    is_ready: bool
    parts: tuple[PartState, ...]
