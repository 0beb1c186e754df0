"""What a source saw on a device: an envelope without what the device program adds (id, device, epoch, seq, source)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from veilleur_bridge.envelope import AppInfo, EventKind, Notification


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """One event of one notification, before policy, screen and spool."""

    event: EventKind
    captured_at: datetime
    app: AppInfo
    notification: Notification
    user: int | None = None
    locale: str | None = None
    removal_reason: str | None = None
