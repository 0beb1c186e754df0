"""Messages that an app itself exported: one record each, as the bridge's readers of exports make them."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final

from veilleur.model.identity import MessageSlot
from veilleur.model.kinds import AmendmentKind, Exactness, MediaKind, MentionKind, Platform, Visibility
from veilleur.model.outcome import Amendment, Draft, Ignored, Outcome, Parsed, Quarantined
from veilleur.model.parts import Actor, Conversation, Media, OpenLink
from veilleur.parsers.catalogue import Catalogue
from veilleur.parsers.conversation_message import Content, accept_in_message, content_of, media_of_type
from veilleur.parsers.conversation_people import make_actor
from veilleur.parsers.plaintext import clean_name, make_plain
from veilleur.parsers.record import NO_LINK, notification_part
from veilleur.parsers.wording_forms import ActorPlace
from veilleur.parsers.wordings import Wordings
from veilleur_bridge.envelope import Envelope, Message, Notification
from veilleur_bridge.export_package import ExportPackage

WHATSAPP_CATALOGUE: Final = "whatsapp-export"
_FOLLOWER: Final = "follower"
_APPS_OWN_MARK: Final = "\u200e"
_UNSAVED: Final = re.compile(r"~\s*")
# iOS names a file after its words, Android before them; words of whatever language.
_FILE_AFTER: Final = re.compile(r"(?P<body>.*?)\s?\u200e?<[^<>:\n]{2,40}: ?(?P<file>[^<>\n]+\.\w{2,5})>", re.DOTALL)
_FILE_BEFORE: Final = re.compile(
    r"\u200e?(?P<file>(?:IMG|VID|AUD|PTT|STK|DOC)-\d{8}-WA\d+\.\w{2,5}) \([^()\n]+\)(?:\n(?P<body>.*))?", re.DOTALL
)
_NAMED_MEDIA: Final = re.compile(r"(?:^|-)(IMG|PHOTO|VID|VIDEO|AUD|AUDIO|PTT|STK|STICKER|GIF|DOC|CONTACT)-")
_MEDIA: Final = {
    "IMG": MediaKind.PHOTO,
    "PHOTO": MediaKind.PHOTO,
    "VID": MediaKind.VIDEO,
    "VIDEO": MediaKind.VIDEO,
    "AUD": MediaKind.AUDIO,
    "AUDIO": MediaKind.AUDIO,
    "PTT": MediaKind.VOICE,
    "STK": MediaKind.STICKER,
    "STICKER": MediaKind.STICKER,
    "GIF": MediaKind.GIF,
    "DOC": MediaKind.DOCUMENT,
    "CONTACT": MediaKind.CONTACT,
}


class ChatExportParser:
    """Reads what one platform exports; its words stand in catalogues where the file says `<Media omitted>` in words."""

    version = 1

    def __init__(
        self, platform: Platform, package: ExportPackage, load: Callable[[], Mapping[str, Catalogue]] = dict
    ) -> None:
        self.name = f"{platform}-export"
        self.platform: str = platform
        self.packages = frozenset({str(package)})
        self._load = load

    @cached_property
    def _wordings(self) -> Wordings:
        return Wordings(self._load())

    def parse(self, envelope: Envelope) -> Outcome:
        """Return the message as one mention; what the app itself says in the chat is none."""
        notification = envelope.notification
        if notification is None:
            return Quarantined("no_notification")
        if notification.category == _FOLLOWER:
            return _follower(notification)
        if not notification.messages:
            return Ignored("notice")
        message = notification.messages[0]
        actor = _actor(message)
        if actor is None:
            return Ignored("no_sender")
        if notification.self_name and actor.name == clean_name(notification.self_name):
            return Ignored("self_echo")
        return self._message(notification, message, actor, envelope.locale)

    def _message(self, notification: Notification, message: Message, actor: Actor, locale: str | None) -> Outcome:
        slot = _slot(notification, message)
        content = _attachment(message.text) or _read_words(message, self._wordings, locale)
        if content.is_deletion:
            return Parsed((), (_deletion(slot),))
        if content.dropped is not None:
            return Ignored(content.dropped)
        if content.body and content.body.startswith(_APPS_OWN_MARK):
            return Ignored("notice")
        return Parsed((_draft(notification, slot, actor, content),))


def _actor(message: Message) -> Actor | None:
    shown = _UNSAVED.sub("", clean_name(message.sender or ""), count=1)
    return make_actor(shown, None)


def _slot(notification: Notification, message: Message) -> MessageSlot:
    conversation = notification.conversation_title or notification.tag or notification.key
    return MessageSlot(conversation, message.sender or "", message.at_ms or 0, message.text or "", notification.id or 0)


def _attachment(text: str | None) -> Content | None:
    """Read a message that names a file, None where it names none."""
    match = _FILE_AFTER.fullmatch(text or "") or _FILE_BEFORE.fullmatch(text or "")
    if match is None:
        return None
    body = (match["body"] or "").replace(_APPS_OWN_MARK, "").strip()
    return Content(body=body or None, media=_media_of_file(match["file"]), pattern="attachment")


def _read_words(message: Message, wordings: Wordings, locale: str | None) -> Content:
    text, media = message.text, media_of_type(message.mime)
    if not text or text.isspace():
        return Content(media=media, dropped=None if media else "no_words")
    found = wordings.find(make_plain(text), locale, accept_in_message, ActorPlace.IN_TEXT)
    return content_of(found, text, media) if found else Content(body=text.strip(), media=media)


def _media_of_file(name: str) -> Media | None:
    named = _NAMED_MEDIA.search(name)
    return Media(_MEDIA[named[1]]) if named else media_of_type(mimetypes.guess_type(name)[0])


def _deletion(slot: MessageSlot) -> Amendment:
    return Amendment(
        kind=AmendmentKind.DELETED, conversation_key=slot.conversation_key, sender=slot.sender, at_ms=slot.at_ms
    )


def _draft(notification: Notification, slot: MessageSlot, actor: Actor, content: Content) -> Draft:
    is_group = bool(notification.is_group_conversation)
    title = clean_name(notification.conversation_title or "") or None
    return Draft(
        kind=MentionKind.GROUP_MESSAGE if is_group else MentionKind.DIRECT_MESSAGE,
        visibility=Visibility.GROUP if is_group else Visibility.PRIVATE,
        identity=slot,
        pattern=content.pattern,
        confidence=content.certainty,
        actor=actor,
        conversation=Conversation(slot.conversation_key, title, is_group),
        target=content.target,
        body=content.body,
        media=content.media,
        occurred_at_ms=slot.at_ms or None,
        open=_chat_with(actor),
    )


def _chat_with(actor: Actor) -> OpenLink:
    if actor.phone is None:
        return NO_LINK
    return OpenLink(f"https://wa.me/{actor.phone.removeprefix('+')}", Exactness.CONVERSATION)


def _follower(notification: Notification) -> Outcome:
    """Read one row of a list of followers: a handle and when it began to follow."""
    handle = clean_name(notification.title or "")
    if not handle:
        return Quarantined("no_words")
    draft = Draft(
        kind=MentionKind.FOLLOW,
        visibility=Visibility.PUBLIC,
        identity=notification_part(notification),
        pattern=_FOLLOWER,
        confidence=1.0,
        actor=Actor(handle, handle.lower()),
        occurred_at_ms=notification.when_ms,
        open=OpenLink(f"https://www.tiktok.com/@{handle}", Exactness.PROFILE),
    )
    return Parsed((draft,))
