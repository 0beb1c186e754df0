"""The Mention: one event that an app told about, in the shape every reader sees (DESIGN §4)."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from veilleur.model.campaign import Origin
from veilleur.model.identity import FoldId, MentionId, NotificationId, SlotId
from veilleur.model.kinds import MentionKind, TimeQuality, Visibility
from veilleur.model.parts import Actor, Conversation, Media, OpenLink
from veilleur.model.qualification import Qualification


class Mention(Struct, frozen=True, kw_only=True, gc=False):
    """One mention; field names and nesting are those of the API and of `--format jsonl`.

    Provenance (`notification_id`, `envelope_id`, the times) is the earliest sighting's.
    `origin` and `qualification` (None: nobody has said anything) are added where mentions are read. `flags` names what
    a reader should know of the words and of the actor's name (`TextFlag`).
    """

    id: MentionId
    notification_id: NotificationId
    envelope_id: str
    device: str
    project: str
    captured_at: datetime
    received_at: datetime
    occurred_at: datetime | None
    happened_at: datetime
    time_quality: TimeQuality
    platform: str
    package: str
    kind: MentionKind
    visibility: Visibility
    actor: Actor | None
    conversation: Conversation | None
    target: str | None
    body: str | None
    hashtags: tuple[str, ...]
    handles: tuple[str, ...]
    links: tuple[str, ...]
    emojis: tuple[str, ...]
    language: str | None
    region: str | None
    media: Media | None
    count: int | None
    open: OpenLink | None
    origin: Origin | None = None
    qualification: Qualification | None = None
    edited: bool
    deleted: bool
    flags: tuple[str, ...]
    parser: str
    parser_version: int
    pattern: str
    confidence: float


class MentionKeys(Struct, frozen=True, gc=False):
    """What ties a mention to others in the store, never shown: its fold, and its slot for amendments."""

    fold: FoldId | None = None
    slot: SlotId | None = None
