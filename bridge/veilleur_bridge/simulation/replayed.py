"""A log in our own format (one envelope a line) as a tablet's story, read with the standard library alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from veilleur_bridge.captured import Captured
from veilleur_bridge.envelope import AppInfo, EventKind, Message, Notification, Picture
from veilleur_bridge.errors import LogError
from veilleur_bridge.simulation.moments import Moment

_Record = TypeVar("_Record", AppInfo, Message, Notification, Picture)
_LOST = EventKind.LOST.value


def replayed(path: Path, speed: float) -> Iterator[Moment]:
    """Yield the events of a log, so many times as fast as they were captured; raises LogError."""
    first_at: datetime | None = None
    for envelope in _envelopes(path):
        captured_at = datetime.fromisoformat(envelope["captured_at"])
        first_at = first_at or captured_at
        after_s = max(0.0, (captured_at - first_at).total_seconds()) / speed
        yield Moment(after_s, partial(_show, envelope))


def packages_of(path: Path) -> tuple[str, ...]:
    """Return the packages of the apps in a log; raises LogError."""
    return tuple(dict.fromkeys(str(envelope["app"]["package"]) for envelope in _envelopes(path)))


def _envelopes(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield from _told(line, path, number)
    except (OSError, UnicodeDecodeError) as error:
        raise LogError(f"{path} cannot be read: {error}") from error


def _told(line: str, path: Path, number: int) -> Iterator[dict[str, Any]]:
    """Yield the envelope of a line, unless it only answers for lost ones."""
    try:
        envelope = json.loads(line)
        if envelope["event"] != _LOST:
            _show(envelope, datetime.fromisoformat(envelope["captured_at"]))
            yield envelope
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{path}, line {number} is no envelope: give a log of Veilleur's own format (one JSON object a line)"
        raise LogError(message) from error


def _show(envelope: dict[str, Any], now: datetime) -> Captured:
    return Captured(
        event=EventKind(envelope["event"]),
        captured_at=now,
        app=_record(AppInfo, envelope["app"]),
        notification=_notification(envelope["notification"]),
        user=envelope.get("user"),
        locale=envelope.get("locale"),
        removal_reason=envelope.get("removal_reason"),
    )


def _notification(told: dict[str, Any]) -> Notification:
    read: dict[str, Callable[[Any], Any]] = {
        "messages": _messages,
        "historic_messages": _messages,
        "picture": lambda value: _record(Picture, value),
        "text_lines": tuple,
        "people": tuple,
        "actions": tuple,
    }
    known = {name: value for name, value in told.items() if value is not None}
    return _record(Notification, {name: read[name](known[name]) if name in read else known[name] for name in known})


def _messages(told: list[dict[str, Any]]) -> tuple[Message, ...]:
    return tuple(_record(Message, one) for one in told)


def _record(kind: type[_Record], told: dict[str, Any]) -> _Record:
    """Make a record of the members that it knows."""
    return kind(**{field.name: told[field.name] for field in fields(kind) if field.name in told})
