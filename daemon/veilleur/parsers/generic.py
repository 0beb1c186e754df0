"""Apps that nobody described: kept as they are, or, where the operator allows one, read by what Android itself says."""

from __future__ import annotations

from typing import Final

from veilleur.model.kinds import MentionKind, Platform, Visibility
from veilleur.model.outcome import Draft, Ignored, Outcome, Parsed, Quarantined
from veilleur.model.parts import Actor
from veilleur.parsers.app_parser import AppParser
from veilleur.parsers.conversation_apps import messaging_app
from veilleur.parsers.conversation_record import CATEGORY_MESSAGE, SUMMARY, Shown
from veilleur.parsers.conversation_thread import read_thread
from veilleur.parsers.plaintext import clean_name
from veilleur.parsers.record import full_text, is_group_summary, notification_part, occurred_at_ms
from veilleur.parsers.source_app import SourceApp
from veilleur_bridge.envelope import Envelope, Notification

NO_PARSER: Final = "no_parser"
_WORDS_ALONE: Final = 0.3


class GenericParser:
    """Quarantines what no parser reads, until one is written for it."""

    name = "generic"
    version = 1
    platform: str = Platform.OTHER
    packages: frozenset[str] = frozenset()

    def parse(self, _envelope: Envelope) -> Outcome:
        """Return `no_parser`, whatever the words."""
        return Quarantined(NO_PARSER)


class AllowedAppParser(AppParser[SourceApp]):
    """Reads an app of which nothing is known but that the operator wants it.

    A thread (MessagingStyle) gives conversation, sender, time and words. Anything else is one mention of kind `other`:
    what stands in the title is what it is about, or, where Android calls the record a message, who wrote. Nobody knows
    who else could see it: it is private.
    """

    def __init__(self, app: SourceApp) -> None:
        super().__init__(app, dict)
        self._chat = messaging_app(app)

    def parse(self, envelope: Envelope) -> Outcome:
        """Return the messages of a thread, else the notification as it is."""
        notification = envelope.notification
        if notification is None:
            return Quarantined("no_notification")
        if is_group_summary(notification):
            return Ignored(SUMMARY)
        if notification.messages:
            record = self._chat.read_record(notification)
            return read_thread(Shown(envelope, notification, record, self._chat, self._wordings))
        title, text = clean_name(notification.title or ""), (full_text(notification) or "").strip()
        if not title and not text:
            return Quarantined("no_words")
        return Parsed((_as_it_is(notification, title or None, text or None),))


def _as_it_is(notification: Notification, title: str | None, text: str | None) -> Draft:
    is_message = notification.category == CATEGORY_MESSAGE
    return Draft(
        kind=MentionKind.OTHER,
        visibility=Visibility.PRIVATE,
        identity=notification_part(notification),
        pattern="as_it_is",
        confidence=_WORDS_ALONE,
        actor=Actor(title) if title and is_message else None,
        target=None if is_message else title,
        body=text,
        occurred_at_ms=occurred_at_ms(notification),
    )
