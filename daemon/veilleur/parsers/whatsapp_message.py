"""What one WhatsApp message is: words, a placeholder, a caption, a reaction, a deletion."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from msgspec import Struct

from veilleur.model.kinds import Exactness, MediaKind, MentionKind, Visibility
from veilleur.model.parts import Actor, Conversation, Media, OpenLink
from veilleur.parsers.catalogue import Evidence, Meaning, Use
from veilleur.parsers.plaintext import clean_name, make_plain
from veilleur.parsers.record import NO_LINK
from veilleur.parsers.whatsapp_record import (
    conversation_address,
    conversation_key,
    is_newsletter,
    phone_in_name,
    phone_of_address,
)
from veilleur.parsers.wording_forms import ActorPlace
from veilleur.parsers.wordings import Found, Wordings
from veilleur_bridge.envelope import Notification

PENDING: Final = "placeholder_pending"
WORDED_PATTERN: Final = "message"
_CONFIDENCE: Final = {Evidence.OWN_RESOURCES: 1.0, Evidence.SEEN: 1.0, Evidence.INFERRED: 0.9}
_ABOUT_MESSAGES: Final = frozenset({MentionKind.REACTION, MentionKind.MENTION})
_CHAT: Final = "https://wa.me/"
_MEDIA_OF_TYPE: Final = {
    "image/gif": MediaKind.GIF,
    "image/webp": MediaKind.STICKER,
    "image": MediaKind.PHOTO,
    "video": MediaKind.VIDEO,
    "audio/ogg": MediaKind.VOICE,
    "audio": MediaKind.AUDIO,
    "application": MediaKind.DOCUMENT,
    "text/x-vcard": MediaKind.CONTACT,
    "text/vcard": MediaKind.CONTACT,
}


class Content(Struct, frozen=True, kw_only=True):
    """What a message says; `kind` None is an ordinary message, `dropped` a reason to make no mention of it."""

    kind: MentionKind | None = None
    body: str | None = None
    target: str | None = None
    media: Media | None = None
    count: int | None = None
    pattern: str = WORDED_PATTERN
    certainty: float = 1.0
    is_deletion: bool = False
    dropped: str | None = None


class Thread(Struct, frozen=True):
    """The conversation around a message, and what follows from it; `key` is its place in identities."""

    key: str
    conversation: Conversation
    kind: MentionKind
    visibility: Visibility
    phone: str | None = None


# A thread is posted again with each new message: the same words come by many times in a row.
_REMEMBERED_MESSAGES: Final = 4_096


def accept_in_message(meaning: Meaning) -> bool:
    """Whether a message of a thread may be this: nothing that a person could have written about the app."""
    return (
        meaning.use is Use.MESSAGE
        or meaning.amends is not None
        or meaning.kind in _ABOUT_MESSAGES
        or meaning.ignored == PENDING
    )


@lru_cache(_REMEMBERED_MESSAGES)
def read_content(text: str | None, mime: str | None, wordings: Wordings, locale: str | None) -> Content:
    """Read one message's words; placeholders give the media and no body."""
    media = media_of_type(mime)
    if not text or text.isspace():
        return Content(media=media, dropped=None if media else "no_words")
    found = wordings.find(make_plain(text), locale, accept_in_message, ActorPlace.IN_TEXT)
    return content_of(found, media) if found else Content(body=text.strip(), media=media)


def content_of(found: Found, media: Media | None = None) -> Content:
    """Return what a known wording says as a message."""
    entry = found.entry
    return Content(
        kind=entry.meaning.kind,
        body=found.body,
        target=found.target,
        media=Media(entry.media, found.duration_s) if entry.media else media,
        count=found.count,
        pattern=found.pattern,
        certainty=_CONFIDENCE[entry.evidence],
        is_deletion=entry.meaning.amends is not None,
        dropped=entry.meaning.ignored,
    )


def media_of_type(mime: str | None) -> Media | None:
    """Return the media of a MIME type, None for one that says nothing."""
    if not mime:
        return None
    kind = _MEDIA_OF_TYPE.get(mime.partition(";")[0]) or _MEDIA_OF_TYPE.get(mime.partition("/")[0])
    return Media(kind) if kind else None


def make_thread(notification: Notification, title: str | None, *, is_group: bool) -> Thread:
    """Return the conversation that messages of this notification belong to."""
    key = conversation_key(notification)
    conversation = Conversation(conversation_address(notification) or title or key, title, is_group)
    if is_newsletter(notification):
        return Thread(key, conversation, MentionKind.NEW_POST, Visibility.PUBLIC)
    if is_group:
        return Thread(key, conversation, MentionKind.GROUP_MESSAGE, Visibility.GROUP)
    phone = phone_of_address(notification.shortcut_id)
    return Thread(key, conversation, MentionKind.DIRECT_MESSAGE, Visibility.PRIVATE, phone)


def make_actor(shown: str | None, phone: str | None) -> Actor | None:
    """Return who wrote; a name that is itself a number gives the phone."""
    name = clean_name(shown) if shown else ""
    return Actor(name, phone=phone or phone_in_name(name)) if name else None


def open_link(actor: Actor | None) -> OpenLink:
    """Return the link that opens a chat with this number, where one is known."""
    if actor is None or actor.phone is None:
        return NO_LINK
    return OpenLink(_CHAT + actor.phone.removeprefix("+"), Exactness.CONVERSATION)
