"""What a parser says of one notification: Parsed, Ignored or Quarantined; it never guesses and never raises."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from veilleur.model.identity import MessageSlot, NotificationPart
from veilleur.model.kinds import AmendmentKind, MentionKind, Visibility
from veilleur.model.parts import Actor, Conversation, Media, OpenLink

UNKNOWN_WORDING: Final = "unknown_wording"
"""The reason of what no pattern reads: quarantined, or a mention that the channel alone tells."""
BY_CHANNEL: Final = "channel/"
"""Begins the pattern of a mention that was read by its channel."""
_GUESSED: Final = 0.5


class Draft(Struct, frozen=True, kw_only=True, gc=False):
    """A mention as the parser reads it, before identity, times and provenance are added.

    `folds` is True where the app replaces one wording by a larger one in place ("A", then "A and
    12 others"): such mentions of one notification key and time are shown as one.
    `occurred_at_ms` is the message's or post's own time, None where the app gives none; `is_time_approximate` where
    it was read out of something else, a post's id above all. `platform` is set where it is not the parser's own, and
    `hashtags` are those that stand outside the words, as `words.extract` writes them.
    """

    kind: MentionKind
    visibility: Visibility
    identity: MessageSlot | NotificationPart
    pattern: str
    confidence: float
    actor: Actor | None = None
    conversation: Conversation | None = None
    target: str | None = None
    body: str | None = None
    media: Media | None = None
    count: int | None = None
    occurred_at_ms: int | None = None
    open: OpenLink | None = None
    folds: bool = False
    platform: str | None = None
    hashtags: tuple[str, ...] = ()
    is_time_approximate: bool = False


class Amendment(Struct, frozen=True, kw_only=True, gc=False):
    """A later word on the message in one slot; applies whatever the order of arrival."""

    kind: AmendmentKind
    conversation_key: str
    sender: str
    at_ms: int


class Parsed(Struct, frozen=True, gc=False):
    """The notification was understood: these mentions and amendments are in it."""

    mentions: tuple[Draft, ...]
    amendments: tuple[Amendment, ...] = ()


class Ignored(Struct, frozen=True, gc=False):
    """The notification was understood and holds no mention (`summary`, `backup`, `self_echo`, `canary` …)."""

    reason: str


class Quarantined(Struct, frozen=True, gc=False):
    """No parser understood it: kept, and read again when the parser or its patterns change."""

    reason: str


def is_by_channel_alone(parsed: Parsed) -> bool:
    """Whether the words were unknown, and the channel alone told the kind: no more than half sure."""
    drafts = parsed.mentions
    return bool(drafts) and all(
        draft.pattern.startswith(BY_CHANNEL) and draft.confidence <= _GUESSED for draft in drafts
    )


Outcome = Parsed | Ignored | Quarantined
