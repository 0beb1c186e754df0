"""The small records that a mention is made of (DESIGN §4)."""

from __future__ import annotations

from msgspec import Struct

from veilleur.model.kinds import Exactness, MediaKind


class Actor(Struct, frozen=True, gc=False):
    """Who did it, as shown; "A and 12 others" is A with `others_count` 12."""

    name: str
    handle: str | None = None
    phone: str | None = None
    others_count: int | None = None


class Conversation(Struct, frozen=True, gc=False):
    """The private or group thread a message belongs to; `id` is the app's stable key where it gives one."""

    id: str
    title: str | None = None
    is_group: bool | None = None


class Media(Struct, frozen=True, gc=False):
    """What came beside or instead of words."""

    kind: MediaKind
    duration_s: int | None = None


class OpenLink(Struct, frozen=True, gc=False):
    """The best link that can be made without fetching anything."""

    url: str | None
    exactness: Exactness
