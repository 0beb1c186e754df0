"""Lines of our own log that were written out of a database: what a replay needs beside the envelope to be the same.

An envelope's line ends with one more member, which an older reader ignores: `"stored":{"received_at":…,"changed":[…]}`.
Taken off, the stored bytes are there again. Bytes that are no envelope stand in a line of their own,
`{"dead":{"device":…,"received_at":…,"payload":BASE64}}`, which an older reader reports as dead.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from veilleur_bridge.envelope import MAX_ENVELOPE_BYTES

MAX_LINE_BYTES: Final = 16 * MAX_ENVELOPE_BYTES
"""A stored envelope may be longer than one on the wire, by marks and facts; a dead letter may be much longer."""

DEAD_START: Final = b'{"dead":{"device":'
_TAIL: Final = b',"stored":{"received_at":"'
_HEAD_BYTES: Final = len(b',"stored":')


@dataclass(frozen=True, slots=True)
class StoredLine:
    """The stored bytes, when they were received, and what the screen had changed in them.

    `dead_device` is set where they are no envelope: who sent them.
    """

    payload: bytes
    received_at: datetime
    changed: tuple[str, ...] = ()
    dead_device: str | None = None


def write_stored_line(stored: StoredLine) -> bytes:
    """Return the line, without a line end; the payload of an envelope is in one line already."""
    facts: dict[str, Any] = {"received_at": stored.received_at.astimezone(UTC).isoformat(timespec="milliseconds")}
    if stored.dead_device is not None:
        told = {"device": stored.dead_device, **facts, "payload": b64encode(stored.payload).decode()}
        return _compact({"dead": told})
    if stored.changed:
        facts["changed"] = stored.changed
    end = stored.payload.rindex(b"}")
    return stored.payload[:end] + b',"stored":' + _compact(facts) + stored.payload[end:]


def read_stored_line(line: bytes) -> StoredLine | None:
    """Return what a line of our log holds beside its envelope, None where it is a plain one, or was edited by hand."""
    try:
        if line.startswith(DEAD_START):
            return _dead(json.loads(line)["dead"])
        at = line.rfind(_TAIL)
        if at < 0:
            return None
        tail = line[at + _HEAD_BYTES :].decode()
        facts, length = json.JSONDecoder().raw_decode(tail)
        end = tail[length:]
        if end.strip() != "}":
            return None
        payload = line[:at] + end.encode()
        return StoredLine(payload, _instant(facts["received_at"]), _names(facts.get("changed", [])))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _dead(told: dict[str, Any]) -> StoredLine:
    payload = b64decode(told["payload"], validate=True)
    return StoredLine(payload, _instant(told["received_at"]), dead_device=str(told["device"]))


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(UTC)


def _names(names: list[object]) -> tuple[str, ...]:
    words = tuple(name for name in names if isinstance(name, str) and name and " " not in name)
    if len(words) < len(names):
        raise ValueError("no names of what was changed")
    return words


def _compact(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()
