"""The mention that a push makes: from the wording found in it, or from its channel alone."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from msgspec import Struct

from veilleur.model.kinds import Exactness, MentionKind, Visibility
from veilleur.model.outcome import BY_CHANNEL, DOUBTFUL, Draft
from veilleur.model.parts import Actor, Conversation, Media, OpenLink
from veilleur.parsers.catalogue import SURENESS, Slot
from veilleur.parsers.linear import Expression
from veilleur.parsers.plaintext import clean_name
from veilleur.parsers.record import NO_LINK, notification_part
from veilleur.parsers.source_app import ChannelReading, SourceApp, WordsAre
from veilleur.parsers.wordings import Found
from veilleur_bridge.envelope import Notification

_CHANNEL_AGREES: Final = 0.1
_WORDS_UNDER_A_NAME: Final = 0.8
_NAMELESS: Final = 0.6
_WORDED: Final = frozenset({MentionKind.COMMENT, MentionKind.REPLY, MentionKind.MENTION, MentionKind.DIRECT_MESSAGE})
_WORDED_OR_OTHER: Final = _WORDED | {MentionKind.OTHER}
_FOLDING: Final = frozenset(
    {MentionKind.LIKE, MentionKind.FOLLOW, MentionKind.PROFILE_VIEW, MentionKind.REACTION, MentionKind.SHARE},
)
_SEEN_BY_OWNER_ALONE: Final = frozenset(
    {
        MentionKind.DIRECT_MESSAGE,
        MentionKind.MESSAGE_REQUEST,
        MentionKind.FOLLOW_REQUEST,
        MentionKind.PROFILE_VIEW,
        MentionKind.ORDER,
    },
)
_SAYING: Final = _WORDED | {MentionKind.REVIEW, MentionKind.MESSAGE_REQUEST}
_QUOTING: Final = frozenset(
    {
        MentionKind.LIKE,
        MentionKind.REACTION,
        MentionKind.SHARE,
        MentionKind.TAG,
        MentionKind.NEW_POST,
        MentionKind.STORY,
        MentionKind.LIVE,
        MentionKind.MILESTONE,
    },
)
_MESSAGE_OBJECT: Final = "message"
_HANDLE_SLOT: Final = "{handle}"
_NAME_SLOT: Final = "{name}"
_TARGET_SLOT: Final = "{target}"
_ACTOR_SLOT: Final = f"{{{Slot.ACTOR}"
_WILD: Final = "*-"
_TITLE_ALONE: Final = "title"
_REMEMBERED_NAMES: Final = 2_048
_URL_SAFE: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")


class Push(Struct, frozen=True):
    """One notification at hand: what its channel tells, its title, the name that this may be, and its text.

    `quoted` is the text where the title was the wording.
    """

    app: SourceApp
    notification: Notification
    reading: ChannelReading | None
    name: str | None
    title: str | None
    text: str | None
    quoted: str | None = None

    @property
    def is_message(self) -> bool:
        """Whether the channel is that of messages between two people."""
        return self.reading is not None and self.reading.kind is MentionKind.DIRECT_MESSAGE


def is_doubtful(found: Found, name: str | None) -> bool:
    """Whether the words name somebody else than the title, or nobody where they should: most likely a new wording."""
    if found.actor is None:
        return _names_somebody(found) and found.others is None
    return name not in (None, found.actor) and _letters(found.actor) != _letters(name)


def draft_from_words(push: Push, found: Found, kind: MentionKind, *, is_doubtful: bool) -> Draft:
    """Make the mention that a wording tells of; words quoted under it are its body where a person says them."""
    entry = found.entry
    actor = _actor(push.app, found.actor, found.others)
    body, target = _words(push, found, kind)
    return Draft(
        kind=kind,
        visibility=Visibility.PRIVATE if entry.object == _MESSAGE_OBJECT else _visibility(push, kind),
        identity=notification_part(push.notification),
        pattern=found.pattern,
        confidence=DOUBTFUL if is_doubtful else _confidence(push, found, kind),
        actor=actor,
        conversation=_conversation(push.notification, actor) if kind is MentionKind.DIRECT_MESSAGE else None,
        target=target,
        body=body,
        media=Media(entry.media, found.duration_s) if entry.media else None,
        # Of what the app counts there is no telling: nobody was there so many times.
        count=None if kind is MentionKind.OTHER else _count(found, actor),
        open=_open_link(push.app, actor, found.target),
        folds=kind in _FOLDING or found.others is not None,
    )


def draft_from_channel(push: Push, kind: MentionKind) -> Draft:
    """Make the mention that a known channel tells of whatever its words: with less confidence, and nothing invented."""
    actor = _actor(push.app, push.name, None)
    said = (push.text or "").strip() or None
    expected = push.reading.words if push.reading else None
    is_usual = expected is not None and actor is not None and said is not None
    return Draft(
        kind=kind,
        visibility=_visibility(push, kind),
        identity=notification_part(push.notification),
        pattern=f"{BY_CHANNEL}{push.reading.id.strip(_WILD) if push.reading else _TITLE_ALONE}",
        confidence=_WORDS_UNDER_A_NAME if is_usual else DOUBTFUL,
        actor=actor,
        conversation=_conversation(push.notification, actor) if kind is MentionKind.DIRECT_MESSAGE else None,
        target=said if expected is WordsAre.TARGET else None,
        body=said if expected is WordsAre.BODY or (expected is None and kind in _WORDED_OR_OTHER) else None,
        open=_open_link(push.app, actor, None),
        folds=kind in _FOLDING,
    )


def _visibility(push: Push, kind: MentionKind) -> Visibility:
    reading = push.reading
    is_channel_private = push.is_message or (reading is not None and reading.private)
    is_kind_private = kind in _SEEN_BY_OWNER_ALONE or kind in push.app.private
    return Visibility.PRIVATE if is_channel_private or is_kind_private else Visibility.PUBLIC


def _confidence(push: Push, found: Found, kind: MentionKind) -> float:
    if found.actor is None and _names_somebody(found):
        return _NAMELESS
    is_agreed = push.reading is not None and push.reading.kind is kind
    return round(SURENESS[found.entry.evidence] + (_CHANNEL_AGREES if is_agreed else 0), 2)


def _words(push: Push, found: Found, kind: MentionKind) -> tuple[str | None, str | None]:
    """Return body and target; a rating is what a reviewer said where there are no other words.

    Of kind `other` the wording itself is the body: nothing else tells what came.
    """
    quoted = (push.quoted or "").strip() or None
    if kind is MentionKind.OTHER:
        wording = push.text if quoted is None else push.title
        return found.body or (wording or "").strip() or None, found.target or quoted
    if kind in _SAYING:
        return found.body or quoted or found.stars, found.target
    return found.body, found.target or (quoted if kind in _QUOTING else None)


def _names_somebody(found: Found) -> bool:
    return _ACTOR_SLOT in found.entry.pattern


def _letters(name: str | None) -> str:
    return "".join(filter(str.isalnum, name or "")).casefold() or name or ""


def _count(found: Found, actor: Actor | None) -> int | None:
    """Return the number stated; "and 4 others" without the first name states five people."""
    if found.count is None and actor is None and found.others is not None:
        return found.others + 1
    return found.count


def _actor(app: SourceApp, shown: str | None, others: int | None) -> Actor | None:
    name = clean_name(shown) if shown else None
    if not name:
        return None
    return Actor(name, handle=_handle(app.handle, name) if app.handle else None, others_count=others)


@lru_cache(_REMEMBERED_NAMES)
def _handle(expression: str, name: str) -> str | None:
    data = name.encode("utf-8", "replace")
    spans = Expression(expression).spans(data)
    return data[slice(*spans[0])].decode().lower() if spans else None


def _conversation(notification: Notification, actor: Actor | None) -> Conversation | None:
    title = actor.name if actor else None
    key = notification.shortcut_id or title
    return Conversation(key, title) if key else None


def _open_link(app: SourceApp, actor: Actor | None, target: str | None) -> OpenLink:
    """Return the actor's page, else a search for its name, or for the place that a review is of."""
    if app.profile and actor is not None and actor.handle:
        return OpenLink(app.profile.replace(_HANDLE_SLOT, actor.handle), Exactness.PROFILE)
    if app.search is None:
        return NO_LINK
    is_of_place = _TARGET_SLOT in app.search
    return _search_for(app.search, target if is_of_place else actor.name if actor else None)


@lru_cache(_REMEMBERED_NAMES)
def _search_for(search: str, sought: str | None) -> OpenLink:
    if not sought:
        return NO_LINK
    slot = _TARGET_SLOT if _TARGET_SLOT in search else _NAME_SLOT
    return OpenLink(search.replace(slot, _percent_encode(sought)), Exactness.SEARCH)


def _percent_encode(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text
    return "".join([chr(byte) if byte in _URL_SAFE else f"%{byte:02X}" for byte in text.encode("utf-8", "replace")])
