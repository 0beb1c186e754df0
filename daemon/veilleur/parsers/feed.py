"""Feed items: a press article, a page, or what a feed found on TikTok."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import msgspec

from veilleur.model.kinds import Exactness, MediaKind, MentionKind, Platform, Visibility
from veilleur.model.outcome import Draft, Outcome, Parsed, Quarantined
from veilleur.model.parts import Actor, Media, OpenLink
from veilleur.parsers.plaintext import clean_name
from veilleur.parsers.record import NO_LINK, full_text, notification_part, occurred_at_ms
from veilleur.parsers.web_link import TikTokAddress, is_web_link, read_tiktok, unwrapped
from veilleur.parsers.words import extract
from veilleur_bridge.envelope import Envelope, Notification

_LINK: Final = "link"
_FEED_TITLE: Final = "feed_title"
_FIRST_POST_MS: Final = 1_388_534_400_000  # 2014, the year of musical.ly
_CLOCKS_DIFFER_BY: Final = timedelta(minutes=10)
_FROM_ITS_ADDRESS: Final = 0.9


class FeedParser:
    """Reads envelopes of the package `feed`, made by the bridge's own feed reader."""

    name = "feed"
    version = 3
    platform: str = Platform.FEED
    packages = frozenset({"feed"})

    def parse(self, envelope: Envelope) -> Outcome:
        """Return the item as one public mention: its title is what it is about, its text the words.

        An address on tiktok.com makes it TikTok's; a post's address makes it a new post.
        """
        notification = envelope.notification
        if notification is None:
            return Quarantined("no_notification")
        target, body = _trimmed(notification.title), _trimmed(full_text(notification))
        if target is None and body is None:
            return Quarantined("no_words")
        link = unwrapped(_text_in(notification.extras or {}, _LINK) or "")
        article = _article(notification, target, body, link)
        address = read_tiktok(link)
        if address is None:
            return Parsed((article,))
        captured_at_ms = int((envelope.captured_at + _CLOCKS_DIFFER_BY).timestamp() * 1_000)
        return Parsed((_on_tiktok(article, address, captured_at_ms),))


def _article(notification: Notification, target: str | None, body: str | None, link: str) -> Draft:
    name = clean_name(_text_in(notification.extras or {}, _FEED_TITLE) or "")
    return Draft(
        kind=MentionKind.ARTICLE,
        visibility=Visibility.PUBLIC,
        identity=notification_part(notification),
        pattern="item",
        confidence=1.0,
        actor=Actor(name) if name else None,
        target=target,
        body=body,
        occurred_at_ms=occurred_at_ms(notification),
        open=OpenLink(link, Exactness.POST) if is_web_link(link) else NO_LINK,
    )


def _on_tiktok(article: Draft, address: TikTokAddress, latest_ms: int) -> Draft:
    """Return the item as TikTok's: whom its address names did it, not the feed that found it."""
    actor = Actor(address.handle, address.handle.lower()) if address.handle else None
    found = msgspec.structs.replace(article, platform=Platform.TIKTOK, actor=actor)
    if address.post_id is None:
        return _page_on_tiktok(found, address)
    made_at_ms = address.made_at_ms or 0
    is_plausible = _FIRST_POST_MS <= made_at_ms <= latest_ms
    return msgspec.structs.replace(
        found,
        kind=MentionKind.NEW_POST,
        pattern="tiktok/post",
        confidence=_FROM_ITS_ADDRESS,
        media=Media(MediaKind.PHOTO if address.is_photo else MediaKind.VIDEO),
        occurred_at_ms=made_at_ms if is_plausible else article.occurred_at_ms,
        is_time_approximate=is_plausible,
    )


def _page_on_tiktok(found: Draft, address: TikTokAddress) -> Draft:
    url = found.open.url if found.open else None
    if address.tag is not None:
        hashtags = extract(f"#{address.tag}", None).hashtags
        return msgspec.structs.replace(
            found, pattern="tiktok/tag", hashtags=hashtags, open=OpenLink(url, Exactness.SEARCH)
        )
    if address.handle is not None:
        return msgspec.structs.replace(found, pattern="tiktok/profile", open=OpenLink(url, Exactness.PROFILE))
    return msgspec.structs.replace(found, pattern="tiktok/page")


def _trimmed(text: str | None) -> str | None:
    return (text.strip() or None) if text else None


def _text_in(extras: dict[str, Any], name: str) -> str | None:
    value = extras.get(name)
    return value if isinstance(value, str) else None
