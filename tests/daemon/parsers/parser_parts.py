"""Envelopes as the tests of parsers need them: one notification of one app on one tablet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from veilleur.model.outcome import Draft, Parsed
from veilleur.parsers.registry import ParserRegistry
from veilleur_bridge.envelope import AppInfo, Envelope, EventKind, Message, Notification, SourceInfo, SourceKind

TIKTOK = "com.zhiliaoapp.musically"
WHATSAPP = "com.whatsapp"
X = "com.twitter.android"
YOUTUBE = "com.google.android.youtube"
POSTED_AT_MS = 1_770_000_000_000
Fields = Mapping[str, Any]


def notification_of(fields: Fields) -> Notification:
    """Return a notification of these fields; key and posting time are given where absent."""
    given = {"key": "0|app|1|null|10100", "posted_at_ms": POSTED_AT_MS, **fields}
    for name in ("messages", "historic_messages"):
        if name in given:
            given[name] = tuple(Message(**message) for message in given[name])
    return Notification(**given)


def envelope_of(
    package: str,
    fields: Fields,
    *,
    locale: str | None = "en-GB",
    event: str = EventKind.POSTED,
    redacted: Sequence[str] | None = None,
    source: str = SourceKind.COMPANION,
) -> Envelope:
    """Return the envelope of one notification with these fields."""
    return Envelope(
        v=1,
        id="0198c0de-0000-7000-8000-000000000001",
        device="salle-1",
        event=event,
        captured_at=datetime(2026, 2, 2, 2, 40, tzinfo=UTC),
        source=SourceInfo(source),
        app=AppInfo(package),
        locale=locale,
        redacted=tuple(redacted) if redacted else None,
        notification=notification_of(fields),
    )


def only_draft(registry: ParserRegistry, package: str, fields: Fields, locale: str | None = "en-GB") -> Draft:
    """Return the one mention of a notification with these fields."""
    outcome = registry.read(envelope_of(package, fields, locale=locale)).outcome
    assert isinstance(outcome, Parsed), outcome
    assert len(outcome.mentions) == 1, outcome
    return outcome.mentions[0]
