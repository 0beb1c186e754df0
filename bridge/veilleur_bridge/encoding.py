"""Envelope to bytes, with the standard library alone: whoever writes envelopes may live where no wheel can go."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Final

from veilleur_bridge.envelope import CONTRACT_VERSION, Envelope

_HEAD: Final = ("v", "id", "device", "epoch", "seq")


def encode(envelope: Envelope) -> bytes:
    """Return the envelope as the wire has it: one line, `v, id, device, epoch, seq` first, what is None left out.

    What JSON in UTF-8 cannot hold never stops a record: NaN and infinities are left out, and half of a surrogate
    pair becomes U+FFFD.
    """
    members = _members(vars(envelope))
    ordered = {name: members[name] for name in _HEAD if name in members} | members
    return _written(ordered)


def write_message(record: object, **replaced: object) -> bytes:
    """Return a record as a message of contract version 1: `v` first, what is None left out, `replaced` put instead."""
    return _written({"v": CONTRACT_VERSION, **_members(_values(record) | replaced)})


def format_instant(instant: datetime) -> str:
    """Return an aware time as RFC 3339 in UTC with milliseconds: `2026-11-21T10:11:12.123Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _written(members: dict[str, Any]) -> bytes:
    text = json.dumps(members, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def _members(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items() if _is_writable(value)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any member of an envelope
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value if _is_writable(item)]
    if isinstance(value, datetime):
        return format_instant(value)
    return _members(value if isinstance(value, dict) else _values(value))


def _values(record: object) -> dict[str, Any]:
    if hasattr(record, "__dict__"):
        return vars(record)
    return {name: getattr(record, name) for name in type(record).__slots__}  # type: ignore[attr-defined]  # slotted


def _is_writable(value: object) -> bool:
    return value is not None and (not isinstance(value, float) or isfinite(value))
