"""Envelope to bytes, with the standard library alone: whoever writes envelopes may live where no wheel can go."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, Final

from veilleur_bridge.envelope import Envelope

_HEAD: Final = ("v", "id", "device", "epoch", "seq")


def encode(envelope: Envelope) -> bytes:
    """Return the envelope as the wire has it: one line, `v, id, device, epoch, seq` first, what is None left out.

    Raises UnicodeEncodeError on a lone surrogate and ValueError on NaN: no reader would take them.
    """
    members = _plain(envelope)
    ordered = {name: members[name] for name in _HEAD if name in members} | members
    return json.dumps(ordered, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def format_instant(instant: datetime) -> str:
    """Return an aware time as RFC 3339 in UTC with milliseconds: `2026-11-21T10:11:12.123Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _plain(value: Any) -> Any:  # noqa: ANN401 - any member of an envelope
    if is_dataclass(value):
        return {
            field.name: _plain(member)
            for field in fields(value)
            if (member := getattr(value, field.name)) is not None
        }
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return format_instant(value)
    return value
