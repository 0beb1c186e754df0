"""TikTok: the channel tells the kind, the words tell the rest; the actor stands in the title or in the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import msgspec

from veilleur.model.kinds import Exactness, MentionKind, Platform, Visibility
from veilleur.model.outcome import Draft, Ignored, Outcome, Parsed, Quarantined
from veilleur.model.parts import Actor, Conversation, Media, OpenLink
from veilleur.parsers.catalogue import Catalogue, Evidence, Meaning, Slot
from veilleur.parsers.plaintext import Plain, clean_name, make_plain
from veilleur.parsers.record import NO_LINK, full_text, is_group_summary, notification_part
from veilleur.parsers.tiktok_channels import Channel, ChannelReading, read_channel
from veilleur.parsers.wording_forms import ActorPlace
from veilleur.parsers.wordings import Found, Wordings
from veilleur_bridge.envelope import Envelope, Notification

CATALOGUE: Final = "tiktok"
_PACKAGES: Final = (
    "com.zhiliaoapp.musically",
    "com.zhiliaoapp.musically.go",
    "com.ss.android.ugc.trill",
    "com.ss.android.ugc.trill.go",
    "com.tiktok.lite.go",
    "com.ss.android.tt.creator",
    "com.ss.android.ugc.aweme",
    "com.ss.android.ugc.aweme.lite",
)
_SEARCH: Final = "https://www.tiktok.com/search/user?q="
_PROFILE: Final = "https://www.tiktok.com/@"
_URL_SAFE: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_HANDLE: Final = re.compile(r"@([A-Za-z0-9_.]{2,24})")
_CONFIDENCE: Final = {Evidence.OWN_RESOURCES: 0.9, Evidence.SEEN: 0.9, Evidence.INFERRED: 0.7}
_CHANNEL_AGREES: Final = 0.1
_CHANNEL_ALONE: Final = 0.5
_MESSAGE_UNDER_A_NAME: Final = 0.8
_NAMELESS: Final = 0.6
_WORDED: Final = frozenset({MentionKind.COMMENT, MentionKind.REPLY, MentionKind.MENTION, MentionKind.DIRECT_MESSAGE})
_FOLDING: Final = frozenset(
    {MentionKind.LIKE, MentionKind.FOLLOW, MentionKind.PROFILE_VIEW, MentionKind.REACTION, MentionKind.SHARE},
)
_SEEN_BY_OWNER_ALONE: Final = frozenset(
    {MentionKind.DIRECT_MESSAGE, MentionKind.MESSAGE_REQUEST, MentionKind.FOLLOW_REQUEST, MentionKind.PROFILE_VIEW},
)
_MESSAGE_OBJECT: Final = "message"
_REMEMBERED_NAMES: Final = 2_048


class TikTokParser:
    """Reads TikTok, its Asian twin, Douyin, and the Lite and Studio apps of each."""

    name = "tiktok"
    version = 3
    platform: str = Platform.TIKTOK
    packages = frozenset(_PACKAGES)

    def __init__(self, catalogues: Mapping[str, Catalogue]) -> None:
        self._wordings = Wordings(catalogues)

    def parse(self, envelope: Envelope) -> Outcome:
        """Read one notification: channel first, words second."""
        notification = envelope.notification
        if notification is None:
            return Quarantined("no_notification")
        if is_group_summary(notification):
            return Ignored("summary")
        reading = read_channel(notification.channel)
        if reading is not None and reading.channel is Channel.RECOMMENDATION:
            return Ignored("recommendation_noise")
        return self._read(envelope, notification, reading)

    def _read(self, envelope: Envelope, notification: Notification, reading: ChannelReading | None) -> Outcome:
        name = self._name_in_title(envelope, notification)
        text = full_text(notification)
        found = self._find(make_plain(text), name, envelope, reading) if text else None
        if found is not None and found.entry.meaning.ignored is not None:
            return Ignored(found.entry.meaning.ignored)
        if found is not None and found.entry.meaning.kind is not None:
            return Parsed((_draft_from_words(notification, found, found.entry.meaning.kind, reading),))
        if reading is not None:
            return Parsed((_draft_from_channel(notification, name, reading),))
        return Quarantined("unknown_wording" if text or name else "no_words")

    def _name_in_title(self, envelope: Envelope, notification: Notification) -> str | None:
        """Return the title where it may name somebody: neither the app, nor a section, nor the channel."""
        title = notification.title
        if not title or title in (envelope.app.label, notification.channel_name):
            return None
        return None if self._wordings.is_heading(make_plain(title)) else clean_name(title) or None

    def _find(self, plain: Plain, name: str | None, envelope: Envelope, reading: ChannelReading | None) -> Found | None:
        accepts = reading.accepts if reading else _accept_all
        locale, version = envelope.locale, envelope.app.version
        if name is not None:
            found = self._wordings.find(plain, locale, accepts, ActorPlace.IN_TITLE, version)
            if found is not None:
                return msgspec.structs.replace(found, actor=name)
        found = self._wordings.find(plain, locale, accepts, ActorPlace.IN_TEXT, version)
        if found is not None and reading is not None and name is not None and _is_own_words(found, name, reading):
            return None
        if found is None and name is None:
            found = self._wordings.find(plain, locale, accepts, ActorPlace.IN_TITLE, version)
        return found


def _accept_all(_meaning: Meaning) -> bool:
    return True


def _is_own_words(found: Found, name: str, reading: ChannelReading) -> bool:
    """Whether a message only imitates a wording: under its sender's name, "Bob sent a GIF" is what the sender wrote."""
    is_message = reading.channel is Channel.MESSAGE and found.entry.meaning.ignored is None
    return is_message and clean_name(found.actor or "") != name


def _draft_from_words(
    notification: Notification,
    found: Found,
    kind: MentionKind,
    reading: ChannelReading | None,
) -> Draft:
    entry = found.entry
    confidence = _CONFIDENCE[entry.evidence]
    if reading is not None and reading.kind is kind:
        confidence += _CHANNEL_AGREES
    actor = _actor(found.actor, found.others)
    if actor is None and f"{{{Slot.ACTOR}" in entry.pattern:
        confidence = _NAMELESS
    is_message = reading is not None and reading.channel is Channel.MESSAGE
    is_private = is_message or kind in _SEEN_BY_OWNER_ALONE or entry.object == _MESSAGE_OBJECT
    return Draft(
        kind=kind,
        visibility=Visibility.PRIVATE if is_private else Visibility.PUBLIC,
        identity=notification_part(notification),
        pattern=found.pattern,
        confidence=round(confidence, 2),
        actor=actor,
        conversation=_conversation(notification, actor) if kind is MentionKind.DIRECT_MESSAGE else None,
        target=found.target,
        body=found.body,
        media=Media(entry.media, found.duration_s) if entry.media else None,
        count=_count(found, actor),
        open=_open_link(actor),
        folds=kind in _FOLDING or found.others is not None,
    )


def _count(found: Found, actor: Actor | None) -> int | None:
    """Return the number stated; "and 4 others" without the first name states five people."""
    if found.count is None and actor is None and found.others is not None:
        return found.others + 1
    return found.count


def _draft_from_channel(notification: Notification, name: str | None, reading: ChannelReading) -> Draft:
    """Make the mention that a known channel tells of whatever its words: with less confidence, and nothing invented."""
    actor = _actor(name, None)
    kind = reading.kind
    text = full_text(notification)
    is_whole_message = kind is MentionKind.DIRECT_MESSAGE and actor is not None and bool(text)
    return Draft(
        kind=kind,
        visibility=Visibility.PRIVATE if kind in _SEEN_BY_OWNER_ALONE else Visibility.PUBLIC,
        identity=notification_part(notification),
        pattern=f"channel/{reading.channel}",
        confidence=_MESSAGE_UNDER_A_NAME if is_whole_message else _CHANNEL_ALONE,
        actor=actor,
        conversation=_conversation(notification, actor) if kind is MentionKind.DIRECT_MESSAGE else None,
        body=(text.strip() or None) if text and kind in _WORDED else None,
        open=_open_link(actor),
        folds=kind in _FOLDING,
    )


def _actor(shown: str | None, others: int | None) -> Actor | None:
    name = clean_name(shown) if shown else None
    if not name:
        return None
    handle = _HANDLE.fullmatch(name)
    return Actor(name, handle=handle[1].lower() if handle else None, others_count=others)


def _conversation(notification: Notification, actor: Actor | None) -> Conversation | None:
    title = actor.name if actor else None
    key = notification.shortcut_id or title
    return Conversation(key, title) if key else None


def _open_link(actor: Actor | None) -> OpenLink:
    if actor is None:
        return NO_LINK
    if actor.handle:
        return OpenLink(_PROFILE + actor.handle, Exactness.PROFILE)
    return OpenLink(_SEARCH + _percent_encode(actor.name), Exactness.SEARCH)


@lru_cache(_REMEMBERED_NAMES)
def _percent_encode(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text
    return "".join([chr(byte) if byte in _URL_SAFE else f"%{byte:02X}" for byte in text.encode("utf-8", "replace")])
