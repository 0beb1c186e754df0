"""The reader of mail apps: only mails of senders that the catalogues name are read; every other one is private.

A sender is a pattern of kind `title` whose `object` is the platform that it writes of; a subject is a wording. What a
sender is called, anybody can call himself: the notification shows no address.
"""

from __future__ import annotations

from typing import Final

from veilleur.model.kinds import Exactness, MentionKind, Platform, Visibility
from veilleur.model.outcome import UNKNOWN_WORDING, Draft, Ignored, Outcome, Parsed, Quarantined
from veilleur.model.parts import Actor, OpenLink
from veilleur.parsers.app_parser import AppParser
from veilleur.parsers.catalogue import SURENESS, Meaning, Use
from veilleur.parsers.plaintext import clean_name, make_plain
from veilleur.parsers.record import NO_LINK, is_group_summary, notification_part, occurred_at_ms
from veilleur.parsers.source_app import SourceApp
from veilleur.parsers.web_link import is_web_link, unwrapped
from veilleur.parsers.wording_forms import ActorPlace
from veilleur.parsers.wordings import Accepts, Found
from veilleur.parsers.words import extract
from veilleur_bridge.envelope import Envelope, Notification

PRIVATE_MAIL: Final = "private_mail"


class MailParser(AppParser[SourceApp]):
    """Reads the mails that a mail app announces: press found by Google Alerts, reviews by the sites' own mails."""

    def parse(self, envelope: Envelope) -> Outcome:
        """Read a mail by its subject where its sender is known by name; of any other nothing is read."""
        notification = envelope.notification
        if notification is None:
            return Quarantined("no_notification")
        if is_group_summary(notification):
            return Ignored("summary")
        sender = self._find(notification.title, envelope, _is_sender)
        if sender is None or notification.messages:
            return Ignored(PRIVATE_MAIL)
        platform = sender.entry.object
        subject, body = _subject_and_body(notification)
        found = self._find(subject, envelope, _is_press if platform == Platform.FEED else _is_of_reviews)
        if found is None:
            return Quarantined(UNKNOWN_WORDING if subject else "no_words")
        if found.entry.meaning.ignored is not None:
            return Ignored(found.entry.meaning.ignored)
        return Parsed((_draft(notification, found, platform, body),))

    def _find(self, words: str | None, envelope: Envelope, accepts: Accepts) -> Found | None:
        if not words:
            return None
        return self._wordings.find(make_plain(words), envelope.locale, accepts, ActorPlace.IN_TEXT)


def _is_sender(meaning: Meaning) -> bool:
    return meaning.use is Use.TITLE


def _is_press(meaning: Meaning) -> bool:
    return meaning.kind is MentionKind.ARTICLE or meaning.ignored is not None


def _is_of_reviews(meaning: Meaning) -> bool:
    return meaning.kind not in (None, MentionKind.ARTICLE) or meaning.ignored is not None


def _subject_and_body(notification: Notification) -> tuple[str | None, str | None]:
    """Return the subject, and the beginning of the mail that a large text adds below it."""
    text, whole = (notification.text or "").strip(), (notification.big_text or "").strip()
    if not text:
        text, _, _ = whole.partition("\n")
    rest = whole.removeprefix(text).strip() if whole.startswith(text) else whole
    return text or None, rest or None


def _draft(notification: Notification, found: Found, platform: str | None, body: str | None) -> Draft:
    is_press = platform == Platform.FEED
    name = clean_name((notification.title if is_press else found.actor) or "")
    return Draft(
        kind=found.entry.meaning.kind or MentionKind.OTHER,
        visibility=Visibility.PUBLIC,
        identity=notification_part(notification),
        pattern=found.pattern,
        confidence=SURENESS[found.entry.evidence],
        platform=platform,
        actor=Actor(name) if name else None,
        target=found.target,
        body=found.body or body or found.stars,
        occurred_at_ms=occurred_at_ms(notification),
        open=_first_link(body) if is_press else NO_LINK,
    )


def _first_link(body: str | None) -> OpenLink:
    links = map(unwrapped, extract(body, None).links)
    return next((OpenLink(link, Exactness.POST) for link in links if is_web_link(link)), NO_LINK)
