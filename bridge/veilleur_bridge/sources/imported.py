"""What every imported format shares: envelopes without a seq, whose id is made from what they say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5

from veilleur_bridge.delivery import Delivery
from veilleur_bridge.encoding import encode
from veilleur_bridge.envelope import (
    CONTRACT_VERSION,
    AppInfo,
    Envelope,
    EventKind,
    Notification,
    SourceInfo,
    SourceKind,
)
from veilleur_bridge.sources.content import content_of
from veilleur_bridge.sources.log_format import LogContext, LogFormat
from veilleur_bridge.sources.raw_notification import RawNotification

MISSING_EXTRA: Final = "veilleur.missing"
"""The extra that names what a log withholds: field names joined by commas (`title,messages`)."""

_NAMESPACE: Final = UUID("6b0f6f3c-6d52-5d0e-9a0b-3c1d3b9a7f51")
_LAST_MS: Final = 253_402_300_799_999


def imported_delivery(found: RawNotification, reader: LogFormat, context: LogContext) -> Delivery:
    """Return a notification found in a log as a delivery of an envelope: `active`, at its posting time.

    The time is `posted_at_ms`, else `when_ms`, else now. The id never depends on now: overlapping logs coincide.
    """
    posted_at_ms = found.notification.posted_at_ms or found.notification.when_ms
    envelope = Envelope(
        v=CONTRACT_VERSION,
        id=str(uuid5(_NAMESPACE, _identity(found.notification, context.device, found.user, found.package))),
        device=context.device,
        event=EventKind.ACTIVE,
        captured_at=_instant(posted_at_ms) or context.clock(),
        source=SourceInfo(SourceKind.FILE, reader),
        app=AppInfo(found.package),
        user=found.user,
        notification=found.notification,
    )
    return Delivery(encode(envelope), context.clock(), found.origin)


def naming_missing(notification: Notification, missing: Sequence[str]) -> Notification:
    """Return the notification with the names of its withheld fields among its extras."""
    if not missing:
        return notification
    return replace(notification, extras={**(notification.extras or {}), MISSING_EXTRA: ",".join(missing)})


def _identity(shown: Notification, device: str, user: int | None, package: str) -> str:
    return json.dumps((device, user, package, shown.key, shown.posted_at_ms or shown.when_ms, *content_of(shown)))


def _instant(at_ms: int | None) -> datetime | None:
    if at_ms is None or not 0 < at_ms <= _LAST_MS:
        return None
    seconds, milliseconds = divmod(at_ms, 1000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=milliseconds * 1000)
