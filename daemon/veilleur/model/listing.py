"""What the store answers to readers: pages, counts, and what it could not see."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

from veilleur.model.coverage import Completeness
from veilleur.model.identity import MentionId, NotificationId
from veilleur.model.kinds import OutcomeKind
from veilleur.model.mention import Mention
from veilleur.model.scope import TokenScope


class MentionPage(Struct, frozen=True):
    """One page of mentions, newest first; `next_cursor` is None on the last.

    `completeness` is what the time that was asked about could not see, where a server told it beside the page.
    """

    mentions: tuple[Mention, ...]
    next_cursor: str | None
    completeness: Completeness | None = None


class NotificationRow(Struct, frozen=True, kw_only=True):
    """One raw notification and what became of it; `mention_ids` are all mentions read from it."""

    id: NotificationId
    envelope_id: str
    device: str
    epoch: str | None
    seq: int | None
    package: str
    received_at: datetime
    outcome: OutcomeKind
    reason: str | None
    mention_ids: tuple[MentionId, ...]


class NotificationPage(Struct, frozen=True):
    """One page of raw notifications, newest row first; `next_cursor` is None on the last."""

    notifications: tuple[NotificationRow, ...]
    next_cursor: str | None
    completeness: Completeness | None = None


class LogOrder(StrEnum):
    """From which end the raw log is read."""

    NEWEST = "newest"
    OLDEST = "oldest"


class NotificationDetail(Struct, frozen=True, kw_only=True):
    """A raw notification with its stored bytes; `changed` names what was altered before storing."""

    row: NotificationRow
    payload: bytes
    sha256: str
    changed: tuple[str, ...]


class MentionDetail(Struct, frozen=True):
    """One mention, and the raw notification that told it, None where the reader may not read that."""

    mention: Mention
    notification: NotificationDetail | None


class RawFilter(Struct, frozen=True, kw_only=True):
    """Which part of the raw log is asked for: received from an instant on and before another, of one device."""

    since_at: datetime | None = None
    until_at: datetime | None = None
    device: str | None = None


class StoredBytes(Struct, frozen=True):
    """A raw notification as it is stored; `changed` names what was altered before."""

    payload: bytes
    received_at: datetime
    changed: tuple[str, ...]


class DeadLetter(Struct, frozen=True, kw_only=True):
    """Bytes that are no envelope, kept for a later release; `reason` and `detail` say why."""

    id: int
    device: str
    epoch: str | None
    seq: int | None
    received_at: datetime
    reason: str
    detail: str
    size_bytes: int


USUAL_ANSWER_S: Final = 0.8
"""How long the database may work for one answer: it leaves of a second what it takes to write that."""


class Order(StrEnum):
    """What comes first in a list of mentions."""

    NEWEST = "newest"
    RELEVANCE = "relevance"


class Device(Struct, frozen=True, kw_only=True):
    """A device that has sent something or has an account; `is_paired` is False for one only heard of."""

    name: str
    project: str
    label: str | None = None
    is_paired: bool
    first_seen_at: datetime
    last_received_at: datetime | None
    notification_count: int


class Token(Struct, frozen=True, kw_only=True):
    """A bearer token without its secret, which is shown once and stored as a hash."""

    id: str
    name: str
    project: str
    scopes: tuple[TokenScope, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
