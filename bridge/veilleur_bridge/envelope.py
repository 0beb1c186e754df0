"""The envelope: one notification event on the wire or in a log (contract v1, DESIGN §3).

Standard-library dataclasses only: the same records serve Termux, where no wheel can be installed.
Frozen, but not slotted: msgspec fills a slotted dataclass 2.4 times as slowly (7.4 against 3.1 µs a record).
Field names are the wire's. Everything optional is None when absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

CONTRACT_VERSION: Final = 1
MAX_ENVELOPE_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 64
MAX_SEQ: Final = 2**53
SPOOL_PACKAGE: Final = "veilleur.spool"
COMPANION_PACKAGE: Final = "veilleur.companion"


class EventKind(StrEnum):
    """What happened to the notification; an unknown value is quarantined, not refused."""

    POSTED = "posted"
    UPDATED = "updated"
    REMOVED = "removed"
    ACTIVE = "active"
    LOST = "lost"


class SourceKind(StrEnum):
    """Who captured the envelope; an unknown value is quarantined, not refused."""

    COMPANION = "companion"
    ADB = "adb"
    TERMUX = "termux"
    FILE = "file"
    FEED = "feed"


class LostReason(StrEnum):
    """Why a device can no longer send a seq that it gave out."""

    CORRUPT = "corrupt"
    OVERSIZE = "oversize"
    CAP = "cap"
    REFUSED = "refused"
    TRIMMED = "trimmed"


@dataclass(frozen=True)
class SourceInfo:
    """The program that made the envelope."""

    kind: str
    version: str | None = None


@dataclass(frozen=True)
class AppInfo:
    """The app whose notification this is."""

    package: str
    label: str | None = None
    version: str | None = None


@dataclass(frozen=True)
class Message:
    """One message of a MessagingStyle notification; `sender` None is the tablet's own user."""

    at_ms: int | None = None
    sender: str | None = None
    sender_key: str | None = None
    sender_uri: str | None = None
    text: str | None = None
    mime: str | None = None


@dataclass(frozen=True)
class Picture:
    """A thumbnail; `data` is base64, `of` names the Android extra it came from."""

    mime: str | None = None
    width: int | None = None
    height: int | None = None
    sha256: str | None = None
    data: str | None = None
    of: str | None = None


@dataclass(frozen=True)
class Notification:
    """What Android showed, in Android's own words; times are integer milliseconds as Android gave them."""

    key: str
    id: int | None = None
    tag: str | None = None
    group: str | None = None
    is_group_summary: bool | None = None
    channel: str | None = None
    channel_name: str | None = None
    category: str | None = None
    importance: int | None = None
    visibility: int | None = None
    flags: int | None = None
    posted_at_ms: int | None = None
    when_ms: int | None = None
    ongoing: bool | None = None
    shortcut_id: str | None = None
    title: str | None = None
    text: str | None = None
    big_text: str | None = None
    sub_text: str | None = None
    summary_text: str | None = None
    info_text: str | None = None
    ticker: str | None = None
    text_lines: tuple[str, ...] | None = None
    conversation_title: str | None = None
    is_group_conversation: bool | None = None
    self_name: str | None = None
    messages: tuple[Message, ...] | None = None
    historic_messages: tuple[Message, ...] | None = None
    template: str | None = None
    people: tuple[str, ...] | None = None
    number: int | None = None
    progress: int | None = None
    actions: tuple[str, ...] | None = None
    picture: Picture | None = None
    extras: dict[str, Any] | None = None


@dataclass(frozen=True)
class Envelope:
    """One event of one notification, as captured by one device."""

    v: int
    id: str
    device: str
    event: str
    captured_at: datetime
    source: SourceInfo
    app: AppInfo
    epoch: str | None = None
    seq: int | None = None
    removal_reason: str | None = None
    locale: str | None = None
    user: int | None = None
    redacted: tuple[str, ...] | None = None
    truncated: tuple[str, ...] | None = None
    notification: Notification | None = None
    through_seq: int | None = None
    reason: str | None = None
