"""What a parser says of one notification: Parsed, Ignored or Quarantined; it never guesses and never raises."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from veilleur.model.identity import Identity, UndatedSlot
from veilleur.model.kinds import AmendmentKind, MentionKind, Visibility
from veilleur.model.parts import Actor, Conversation, Media, OpenLink

UNKNOWN_WORDING: Final = "unknown_wording"
"""The reason of what no pattern reads: quarantined, or a mention that is doubtful or that the channel alone tells."""
BY_CHANNEL: Final = "channel/"
"""Begins the pattern of a mention that was read by its channel."""
DOUBTFUL: Final = 0.5
"""The most that a mention is sure of whose words were unknown, or whose reading is doubtful."""


class Draft(Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """A mention as the parser reads it, before identity, times and provenance are added.

    `folds` is True where the app replaces one wording by a larger one in place ("A", then "A and
    12 others"): such mentions of one notification key and time are shown as one.
    `occurred_at_ms` is the message's or post's own time, None where the app gives none; `is_time_approximate` where
    it was read out of something else, a post's id above all. `platform` is set where it is not the parser's own, and
    `hashtags` are those that stand outside the words, as `words.extract` writes them.
    """

    kind: MentionKind
    visibility: Visibility
    identity: Identity
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


class UndatedLine(Struct, frozen=True, gc=False, array_like=True):
    """One message as an app shows it without its time: a line of InboxStyle, or a text that grows.

    `slot` holds its raw sender and words, by which it is known again. `draft`, whose identity is `slot`, is the mention
    that it makes; None where it makes none and only holds its place (own echo, the words that replace a deleted one).
    `line` is what a summary shows where that is not `slot.words`: a child that says it, or its end, withdraws it.
    """

    slot: UndatedSlot
    draft: Draft | None = None
    is_deleted: bool = False
    line: str | None = None


class UndatedThread(Struct, frozen=True, gc=False, array_like=True):
    """What one notification shows of a conversation without times, oldest first; `threads` finds what is new in it.

    `grows` where it is one text to which the app adds ("One", then "One Two"): one line, of which the end is new.
    """

    conversation_key: str
    lines: tuple[UndatedLine, ...]
    grows: bool = False


class Parsed(Struct, frozen=True, gc=False):
    """The notification was understood: these mentions and amendments are in it, and these messages without times.

    `group` is Android's key of its group where the app's summary repeats the words of its children; `shows_edits` where
    the app shows an edited message in its place, under its old time, and says nothing of the edit.
    `is_doubtful` where a pattern fits and yet the record says otherwise: the app most likely changed its words.
    """

    mentions: tuple[Draft, ...]
    amendments: tuple[Amendment, ...] = ()
    undated: UndatedThread | None = None
    group: str | None = None
    is_doubtful: bool = False
    shows_edits: bool = False


class Ignored(Struct, frozen=True, gc=False):
    """The notification was understood and holds no mention (`summary`, `backup`, `self_echo`, `canary` …).

    `candidates` are what a group's summary shows, its key the group's: a line is a message as long as no child of the
    group shows its words. A text that counts ("5 messages from 2 chats") is none of them.
    """

    reason: str
    candidates: UndatedThread | None = None


class Quarantined(Struct, frozen=True, gc=False):
    """No parser understood it: kept, and read again when the parser or its patterns change."""

    reason: str


def has_unknown_words(parsed: Parsed) -> bool:
    """Whether the reading is doubtful, or the channel alone told the kind."""
    drafts = parsed.mentions
    return parsed.is_doubtful or (
        bool(drafts) and all(draft.pattern.startswith(BY_CHANNEL) and draft.confidence <= DOUBTFUL for draft in drafts)
    )


Outcome = Parsed | Ignored | Quarantined
