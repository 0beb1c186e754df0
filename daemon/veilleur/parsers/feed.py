"""Feed items: a press article or a page that a feed told about."""

from __future__ import annotations

from typing import Any

from veilleur.model.kinds import Exactness, MentionKind, Platform, Visibility
from veilleur.model.outcome import Draft, Outcome, Parsed, Quarantined
from veilleur.model.parts import Actor, OpenLink
from veilleur.parsers.plaintext import clean_name
from veilleur.parsers.record import NO_LINK, full_text, notification_part, occurred_at_ms
from veilleur_bridge.envelope import Envelope

_LINK = "link"
_FEED_TITLE = "feed_title"
_WEB = ("https://", "http://")


class FeedParser:
    """Reads envelopes of the package `feed`, made by the bridge's own feed reader."""

    name = "feed"
    version = 2
    platform: str = Platform.FEED
    packages = frozenset({"feed"})

    def parse(self, envelope: Envelope) -> Outcome:
        """Return the item as one public article: its title is what it is about, its text the words."""
        notification = envelope.notification
        if notification is None:
            return Quarantined("no_notification")
        target, body = _trimmed(notification.title), _trimmed(full_text(notification))
        if target is None and body is None:
            return Quarantined("no_words")
        extras = notification.extras or {}
        name = clean_name(_text_in(extras, _FEED_TITLE) or "")
        link = _text_in(extras, _LINK)
        article = Draft(
            kind=MentionKind.ARTICLE,
            visibility=Visibility.PUBLIC,
            identity=notification_part(notification),
            pattern="item",
            confidence=1.0,
            actor=Actor(name) if name else None,
            target=target,
            body=body,
            occurred_at_ms=occurred_at_ms(notification),
            open=OpenLink(link, Exactness.POST) if link and link.startswith(_WEB) else NO_LINK,
        )
        return Parsed((article,))


def _trimmed(text: str | None) -> str | None:
    return (text.strip() or None) if text else None


def _text_in(extras: dict[str, Any], name: str) -> str | None:
    value = extras.get(name)
    return value if isinstance(value, str) else None
