"""What a messenger's record tells before its words are read, and how one messenger differs from the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from veilleur.model.kinds import MentionKind, Visibility
from veilleur.model.parts import Actor, Conversation, OpenLink
from veilleur.parsers.conversation_people import phone_of_sender
from veilleur.parsers.record import NO_LINK
from veilleur.parsers.wordings import Wordings
from veilleur_bridge.envelope import Envelope, Message, Notification

CATEGORY_MESSAGE: Final = "msg"
SUMMARY: Final = "summary"


class ChatRecord(Struct, frozen=True, kw_only=True, gc=False):
    """What one record tells without its words.

    `key` is the stablest raw field that names the conversation: identities are made from it; `address` is the app's
    own key of it. `is_group` is None where the record does not say; `is_chat` whether it says that it shows a chat,
    `broadcast_to` who can read it where it is no conversation but what one publishes. `channel` is its id without
    numbers, `kind` what it implies of the newest message where that is more than a message. `message_id` is the app's
    own key of the one message shown; `is_titled_by_sender` where the title of a group names who wrote, `grows`
    where the app adds to the text what comes next. `ignored` says why the record holds no mention, `ignored_wordless`
    why it holds none without a text.
    """

    key: str
    address: str | None = None
    is_group: bool | None = None
    is_chat: bool = False
    broadcast_to: Visibility | None = None
    phone: str | None = None
    channel: str | None = None
    kind: MentionKind | None = None
    message_id: str | None = None
    is_titled_by_sender: bool = False
    grows: bool = False
    ignored: str | None = None
    ignored_wordless: str | None = None


def _no_link(_actor: Actor | None, _record: ChatRecord) -> OpenLink:
    return NO_LINK


class MessagingApp(Struct, frozen=True, kw_only=True):
    """One messenger: what reads its records; its wordings stand in the catalogues of its name.

    `phone_of` and `link_to` tell what the app shows of a sender; `has_words_in_summaries` where a group's summary
    repeats its children's words as they say them, `shows_edits` where a thread shows an edited message in its place,
    under its old time; `version` is raised whenever what is read changes; `verified` says
    what is known from real records and what from documented wording alone.
    """

    name: str
    version: int
    platform: str
    packages: frozenset[str]
    read_record: Callable[[Notification], ChatRecord]
    phone_of: Callable[[Message], str | None] = phone_of_sender
    link_to: Callable[[Actor | None, ChatRecord], OpenLink] = _no_link
    has_words_in_summaries: bool = False
    shows_edits: bool = False
    verified: str | None = None


class Shown(Struct, frozen=True):
    """One notification at hand, what its record tells, and what reads its words."""

    envelope: Envelope
    notification: Notification
    record: ChatRecord
    app: MessagingApp
    wordings: Wordings


class Thread(Struct, frozen=True):
    """The conversation around a message, and what follows from it; `key` is its place in identities."""

    key: str
    conversation: Conversation
    kind: MentionKind
    visibility: Visibility
    phone: str | None = None


def make_thread(record: ChatRecord, title: str | None, *, is_group: bool) -> Thread:
    """Return the conversation that messages of this record belong to."""
    key = record.key
    conversation = Conversation(record.address or title or key, title, is_group)
    if record.broadcast_to is not None:
        return Thread(key, conversation, MentionKind.NEW_POST, record.broadcast_to)
    if is_group:
        return Thread(key, conversation, MentionKind.GROUP_MESSAGE, Visibility.GROUP)
    return Thread(key, conversation, MentionKind.DIRECT_MESSAGE, Visibility.PRIVATE, record.phone)
