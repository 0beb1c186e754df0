"""What any app's envelope tells before its parser is asked: our own records, hidden words, noise."""

from __future__ import annotations

from typing import Any, Final

from veilleur.model.outcome import Ignored, Outcome, Quarantined
from veilleur.parsers.catalogue import Meaning
from veilleur.parsers.plaintext import make_plain
from veilleur.parsers.record import FLAG_FOREGROUND_SERVICE, FLAG_ONGOING_EVENT, is_group_summary
from veilleur.parsers.wording_forms import ActorPlace
from veilleur.parsers.wordings import Wordings
from veilleur_bridge.envelope import Envelope, EventKind, Notification, SourceKind
from veilleur_bridge.sources.imported import MISSING_EXTRA

ANDROID_CATALOGUE: Final = "android"
COMPANION_PACKAGE: Final = "veilleur.companion"
_SENSITIVE: Final = "sensitive"
_REDACTIONS: Final = frozenset({"otp", "card", "iban", _SENSITIVE})
_EVENTS: Final = frozenset(map(str, EventKind))
_SOURCES: Final = frozenset(map(str, SourceKind))
_WORDLESS_EVENTS: Final = frozenset({EventKind.LOST, EventKind.REMOVED})
_CALL: Final = "call"
_NOISE_CATEGORIES: Final = {"transport": "media", "progress": "progress", "service": "foreground"}
_NEEDED_WORDS: Final = frozenset({"title", "text", "messages"})


def screen_record(envelope: Envelope) -> Outcome | None:
    """Return the outcome of an envelope that needs no reading of words; None for the others."""
    unknown = _find_unknown(envelope)
    if unknown is not None:
        return Quarantined(unknown)
    if envelope.event in _WORDLESS_EVENTS:
        return Ignored(envelope.event)
    if envelope.app.package == COMPANION_PACKAGE:
        return Ignored("canary")
    if envelope.notification is None:
        return Quarantined("no_notification")
    if envelope.redacted and _SENSITIVE in envelope.redacted:
        return Ignored("redacted")
    return _screen_notification(envelope.notification)


def lacks_words(envelope: Envelope) -> bool:
    """Whether the log's reader could not see the words (a redacted dump), and nothing stands in for them."""
    notification = envelope.notification
    if notification is None or not _NEEDED_WORDS.intersection(_missing(notification.extras)):
        return False
    has_words = bool(notification.messages) or bool(notification.title and notification.text)
    return not has_words and not is_group_summary(notification)


def hides_words(envelope: Envelope, wordings: Wordings) -> bool:
    """Whether Android put its own sentence in place of all words: somebody may write it into a thread."""
    notification = envelope.notification
    if notification is None:
        return False
    messages = notification.messages or ()
    text = notification.text or (messages[0].text if messages else None)
    if not text or not _is_hidden(text, envelope.locale, wordings):
        return False
    return all(_is_hidden(message.text or "", envelope.locale, wordings) for message in messages)


def _find_unknown(envelope: Envelope) -> str | None:
    """Name the field whose value only a later release of the contract knows."""
    if envelope.event not in _EVENTS:
        return "unknown_event"
    if envelope.source.kind not in _SOURCES:
        return "unknown_source"
    return "unknown_redaction" if envelope.redacted and not _REDACTIONS.issuperset(envelope.redacted) else None


def _screen_notification(notification: Notification) -> Outcome | None:
    """Ignore what goes on rather than happens; a ringing call is shown as ongoing, and does happen."""
    if notification.category == _CALL:
        return None
    flags = notification.flags or 0
    if notification.ongoing or flags & FLAG_ONGOING_EVENT:
        return Ignored("ongoing")
    if flags & FLAG_FOREGROUND_SERVICE:
        return Ignored("foreground")
    if notification.progress:
        return Ignored("progress")
    noise = _NOISE_CATEGORIES.get(notification.category or "")
    return Ignored(noise) if noise else None


def _missing(extras: dict[str, Any] | None) -> frozenset[str]:
    named = extras.get(MISSING_EXTRA) if extras else None
    return frozenset(named.split(",")) if isinstance(named, str) else frozenset()


def _is_hidden(text: str, locale: str | None, wordings: Wordings) -> bool:
    return wordings.find(make_plain(text), locale, _is_ignored, ActorPlace.IN_TEXT) is not None


def _is_ignored(meaning: Meaning) -> bool:
    return meaning.ignored is not None
