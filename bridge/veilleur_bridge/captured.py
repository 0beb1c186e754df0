"""What a source hands to the device program: one event as Android told it, before policy, screen and spool."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from veilleur_bridge.envelope import AppInfo, EventKind, Notification


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """One event of one notification; `event_id` where the source makes it itself, so that its repeats coincide."""

    event: EventKind
    captured_at: datetime
    app: AppInfo
    notification: Notification
    user: int | None = None
    locale: str | None = None
    removal_reason: str | None = None
    event_id: str | None = None


class DropReason(StrEnum):
    """Why an event takes no seq and is only counted."""

    NO_CONFIG = "no_config"
    APP = "app"
    CHANNEL = "channel"
    CHAT = "chat"
    ONGOING = "ongoing"
    MEDIA = "media"
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an event: `seq` where it is safely spooled, else the reason why it was dropped."""

    seq: int | None = None
    dropped: DropReason | None = None
