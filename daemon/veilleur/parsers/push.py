"""The reader of apps whose notifications are ordinary: the channel tells the kind, the words tell the rest.

The actor stands in the title or in the text. Where the app's description says so, a title may be the wording itself
("Ann liked your post"), and the text the words that it is about. A thread of messages is read as a messenger's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final

from msgspec.structs import replace

from veilleur.model.kinds import MentionKind
from veilleur.model.outcome import UNKNOWN_WORDING, Ignored, Outcome, Parsed, Quarantined
from veilleur.parsers.app_parser import AppParser
from veilleur.parsers.catalogue import Catalogue, Meaning
from veilleur.parsers.conversation_apps import messaging_app
from veilleur.parsers.conversation_record import MessagingApp
from veilleur.parsers.conversation_record import Shown as ShownChat
from veilleur.parsers.conversation_thread import read_thread
from veilleur.parsers.plaintext import Plain, clean_name, make_plain
from veilleur.parsers.push_drafts import Push, draft_from_channel, draft_from_words, is_doubtful
from veilleur.parsers.record import full_text, is_group_summary
from veilleur.parsers.source_app import ChannelReading, NamePlace, SourceApp
from veilleur.parsers.wording_forms import ActorPlace
from veilleur.parsers.wordings import Found
from veilleur_bridge.envelope import Envelope, Notification


class PushParser(AppParser[SourceApp]):
    """Reads the apps of one description; its wordings are compiled at the first notification."""

    def __init__(self, app: SourceApp, catalogues: Callable[[], Mapping[str, Catalogue]]) -> None:
        super().__init__(app, catalogues, app.headings)

    def parse(self, envelope: Envelope) -> Outcome:
        """Read one notification: channel first, words second."""
        notification = envelope.notification
        if notification is None:
            return Quarantined("no_notification")
        if is_group_summary(notification):
            return Ignored("summary")
        reading = self._app.reading_of(notification)
        if reading is not None and reading.noise is not None:
            return Ignored(reading.noise)
        if notification.messages:
            chat = self._chat
            return read_thread(ShownChat(envelope, notification, chat.read_record(notification), chat, self._wordings))
        return self._read(envelope, self._push(envelope, notification, reading))

    def _push(self, envelope: Envelope, notification: Notification, reading: ChannelReading | None) -> Push:
        title, text = notification.title, full_text(notification)
        if reading is not None and reading.name is NamePlace.TEXT:
            title, text = text, title
        return Push(self._app, notification, reading, self._name_in(title, envelope), title, text)

    def _name_in(self, title: str | None, envelope: Envelope) -> str | None:
        """Return the title where it may name somebody: neither the app, nor a section, nor the channel."""
        notification = envelope.notification
        if not title or title == envelope.app.label or (notification and title == notification.channel_name):
            return None
        return None if self._wordings.is_heading(make_plain(title)) else clean_name(title) or None

    @cached_property
    def _chat(self) -> MessagingApp:
        return messaging_app(self._app)

    def _read(self, envelope: Envelope, push: Push) -> Outcome:
        found = self._find_in_title(push, envelope) if self._app.titles_tell else None
        if found is not None:
            push = replace(push, name=None, quoted=push.text)
        elif push.text:
            found = self._find_in_text(make_plain(push.text), push, envelope)
        meaning = found.entry.meaning if found else _NO_MEANING
        if meaning.ignored is not None:
            return Ignored(meaning.ignored)
        if found is not None and meaning.kind is not None:
            return _parsed(push, found, meaning.kind)
        if push.reading is not None and push.reading.kind is not None:
            return Parsed((draft_from_channel(push, push.reading.kind),))
        return _without_text(push) or Quarantined(UNKNOWN_WORDING if push.text or push.name else "no_words")

    def _find_in_title(self, push: Push, envelope: Envelope) -> Found | None:
        if push.name is None or push.title is None:
            return None
        return self._find(make_plain(push.title), ActorPlace.IN_TEXT, push, envelope)

    def _find_in_text(self, plain: Plain, push: Push, envelope: Envelope) -> Found | None:
        if push.name is not None:
            found = self._find(plain, ActorPlace.IN_TITLE, push, envelope)
            if found is not None:
                return replace(found, actor=push.name)
        found = self._find(plain, ActorPlace.IN_TEXT, push, envelope)
        if found is not None and push.is_message and _is_own_words(found, push.name):
            return None
        if found is not None and found.actor is None and found.entry.meaning.kind in _CALLS:
            return replace(found, actor=push.name)
        if found is None and push.name is None:
            found = self._find(plain, ActorPlace.IN_TITLE, push, envelope)
        return found

    def _find(self, plain: Plain, place: ActorPlace, push: Push, envelope: Envelope) -> Found | None:
        accepts = push.reading.accepts if push.reading else _accept_all
        return self._wordings.find(plain, envelope.locale, accepts, place, envelope.app.version)


_NO_MEANING: Final = Meaning()
_CALLS: Final = frozenset({MentionKind.CALL, MentionKind.MISSED_CALL})


def _without_text(push: Push) -> Outcome | None:
    """Return what a record without a text means in this app; a mention needs a title that may name somebody."""
    told = push.app.without_text
    if told is None or push.text:
        return None
    if told.ignored is not None:
        return Ignored(told.ignored)
    return Parsed((draft_from_channel(push, told.kind),)) if told.kind is not None and push.name else None


def _accept_all(_meaning: Meaning) -> bool:
    return True


def _is_own_words(found: Found, name: str | None) -> bool:
    """Whether a message only imitates a wording: under its sender's name, "Bob sent a GIF" is what the sender wrote."""
    return name is not None and found.entry.meaning.ignored is None and clean_name(found.actor or "") != name


def _parsed(push: Push, found: Found, kind: MentionKind) -> Parsed:
    doubtful = is_doubtful(found, push.name)
    return Parsed((draft_from_words(push, found, kind, is_doubtful=doubtful),), is_doubtful=doubtful)
