"""Records as API, CLI and republishing write them: one set of names, one form of time, one line of JSON."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct

from veilleur.model.alarms import Alarm
from veilleur.model.coverage import Completeness, CoverageInterval
from veilleur.model.device_health import DeviceHealth
from veilleur.model.drift import ParseRate
from veilleur.model.listing import Count, DeadLetter, Device, NotificationDetail, NotificationRow, Token
from veilleur.model.mention import Mention

# Legal inside JSON strings, but programs that read lines (or terminals) take them for line ends or commands.
_UNSAFE: Final = re.compile(rb"\x7f|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]")


def mention_fields(mention: Mention) -> dict[str, Any]:
    """Return a mention's fields in their fixed order, nested, unknown ones None."""
    return _fields(mention)


def notification_fields(row: NotificationRow) -> dict[str, Any]:
    """Return the fields of a raw notification's row."""
    return _fields(row)


def notification_detail_fields(detail: NotificationDetail) -> dict[str, Any]:
    """Return the row's fields, then `sha256` (of the stored bytes), `changed`, and `payload` as JSON."""
    payload = Raw(msgspec.json.format(detail.payload, indent=-1))
    own = {"sha256": detail.sha256, "changed": list(detail.changed), "payload": payload}
    return notification_fields(detail.row) | own


def token_fields(token: Token) -> dict[str, Any]:
    """Return a token's fields; its secret is not among them."""
    return _fields(token)


def device_fields(device: Device) -> dict[str, Any]:
    """Return a device's fields."""
    return _fields(device)


def count_fields(count: Count) -> dict[str, Any]:
    """Return one count's fields."""
    return _fields(count)


def coverage_fields(interval: CoverageInterval) -> dict[str, Any]:
    """Return the fields of one interval that was not seen."""
    return _fields(interval)


def completeness_fields(completeness: Completeness) -> dict[str, Any]:
    """Return what an answer could not see."""
    intervals = [coverage_fields(interval) for interval in completeness.intervals]
    return {"known": completeness.known, "intervals": intervals, "omitted": completeness.omitted}


def dead_letter_fields(dead: DeadLetter) -> dict[str, Any]:
    """Return a dead letter's fields."""
    return _fields(dead)


def parse_rate_fields(rate: ParseRate) -> dict[str, Any]:
    """Return the fields of a parse rate."""
    return _fields(rate)


def alarm_fields(alarm: Alarm) -> dict[str, Any]:
    """Return an alarm's fields."""
    return _fields(alarm)


def health_fields(health: DeviceHealth) -> dict[str, Any]:
    """Return how a device is: its own fields, then what its status, its config and the alarms say."""
    nested = {"device", "spool", "config", "alarms"}
    plain = {name: value for name, value in _fields(health).items() if name not in nested}
    parts = {
        "spool": None if health.spool is None else _fields(health.spool),
        "config": _fields(health.config),
        "alarms": [alarm_fields(alarm) for alarm in health.alarms],
    }
    return _fields(health.device) | plain | parts


def instant_text(at: datetime) -> str:
    """Return an aware datetime as RFC 3339 in UTC with milliseconds: `2026-11-20T18:00:00.123Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def dump_line(fields: object) -> bytes:
    """Return compact JSON in one line, without a line end; C1 controls, DEL, U+2028 and U+2029 are escaped."""
    return _UNSAFE.sub(_escaped, msgspec.json.encode(fields))


def _fields(record: Struct) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(record, builtin_types=(datetime,))
    return {name: instant_text(value) if isinstance(value, datetime) else value for name, value in fields.items()}


def _escaped(match: re.Match[bytes]) -> bytes:
    return f"\\u{ord(match[0].decode()):04x}".encode()
