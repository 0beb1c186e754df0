"""A WhatsApp notification that is no thread: a call, a notice, or a chat reduced to its title and text."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from veilleur.model.kinds import AmendmentKind, MentionKind, Visibility
from veilleur.model.outcome import Amendment, Draft, Ignored, Outcome, Parsed, Quarantined
from veilleur.model.parts import Actor, Conversation, Media
from veilleur.parsers.catalogue import Meaning
from veilleur.parsers.plaintext import make_plain
from veilleur.parsers.record import full_text, notification_part, occurred_at_ms
from veilleur.parsers.whatsapp_message import Content, Thread, make_actor, make_thread, open_link, read_content
from veilleur.parsers.whatsapp_record import Channel, is_chat, is_group
from veilleur.parsers.whatsapp_title import read_title
from veilleur.parsers.wording_forms import ActorPlace
from veilleur.parsers.wordings import Accepts, Found, Wordings
from veilleur_bridge.envelope import Envelope, Notification

_CALLS: Final = frozenset({MentionKind.CALL, MentionKind.MISSED_CALL})
_COLLAPSED: Final = "collapsed_count"
_DELETED: Final = "message_deleted"
_CHAT_CONFIDENCE: Final = 0.8
_BARE_CONFIDENCE: Final = 0.5
_LONGEST_SENDER: Final = 40


class Single(Struct, frozen=True):
    """One notification at hand; `name` is its title where that may name somebody."""

    envelope: Envelope
    notification: Notification
    channel: Channel | None
    wordings: Wordings
    name: str | None
    text: str | None


def read_single(envelope: Envelope, notification: Notification, channel: Channel | None, wordings: Wordings) -> Outcome:
    """Read a notice where title or text is one, else a chat message where the title names somebody."""
    title = make_plain(notification.title or "")
    is_named = bool(title.text) and notification.title != envelope.app.label and not wordings.is_heading(title)
    text = full_text(notification)
    single = Single(
        envelope, notification, channel, wordings, notification.title if is_named else None, text and text.strip()
    )
    notice = _find(single, notification.title, _is_notice_in_title)
    if notice is not None:
        return _read_notice(single, notice, notice.actor or single.text)
    words = single.text or (None if single.name else notification.ticker)
    is_chat_with = single.name is not None and channel is not Channel.CALL
    notice = _find(single, words, _is_notice_under_name if is_chat_with else _is_notice)
    if notice is not None:
        return _read_notice(single, notice, notice.actor or single.name)
    return _read_chat(single)


def _read_chat(single: Single) -> Outcome:
    notification, channel, text = single.notification, single.channel, single.text
    if channel is Channel.CALL:
        return Parsed((_call_draft(single, None, MentionKind.CALL, make_actor(single.name, None)),))
    if channel is Channel.SILENT and not text:
        return Ignored("silent_update")
    if single.name and (text or is_chat(notification, channel)):
        return _read_message(single)
    return Quarantined("unknown_wording" if text or notification.title else "no_words")


def _find(single: Single, shown: str | None, accepts: Accepts) -> Found | None:
    if not shown:
        return None
    return single.wordings.find(make_plain(shown), single.envelope.locale, accepts, ActorPlace.IN_TEXT)


def _is_notice_in_title(meaning: Meaning) -> bool:
    return meaning.ignored is not None or meaning.kind in _CALLS


def _is_notice_under_name(meaning: Meaning) -> bool:
    return meaning.kind in _CALLS or meaning.ignored == _COLLAPSED


def _is_notice(meaning: Meaning) -> bool:
    return meaning.use is None and meaning.kind not in (MentionKind.REACTION, MentionKind.MENTION)


def _read_notice(single: Single, found: Found, name: str | None) -> Outcome:
    """Make what a notice says; `name` is the caller or sender as its words or the other field name him."""
    meaning = found.entry.meaning
    if meaning.ignored is not None:
        return Ignored(meaning.ignored)
    if meaning.kind in _CALLS:
        return Parsed((_call_draft(single, found, meaning.kind, make_actor(name, None)),))
    if meaning.kind is MentionKind.GROUP_EVENT:
        return Parsed((_group_event_draft(single, found, meaning.kind),))
    if meaning.kind is MentionKind.DIRECT_MESSAGE:
        thread = make_thread(single.notification, name, is_group=False)
        content = Content(pattern=found.pattern, certainty=_BARE_CONFIDENCE)
        return Parsed((_message_draft(single, thread, content, name),))
    return Ignored(_DELETED)


def _call_draft(single: Single, found: Found | None, kind: MentionKind, actor: Actor | None) -> Draft:
    thread = make_thread(single.notification, actor.name if actor else None, is_group=False)
    if actor is not None and actor.phone is None:
        actor = Actor(actor.name, phone=thread.phone)
    return Draft(
        kind=kind,
        visibility=Visibility.PRIVATE,
        identity=notification_part(single.notification),
        pattern=found.pattern if found else f"channel/{Channel.CALL}",
        confidence=_CHAT_CONFIDENCE if found else _BARE_CONFIDENCE,
        actor=actor,
        conversation=thread.conversation if actor else None,
        media=Media(found.entry.media) if found and found.entry.media else None,
        count=found.count if found else None,
        occurred_at_ms=occurred_at_ms(single.notification),
        open=open_link(actor),
        folds=kind is MentionKind.CALL,
    )


def _group_event_draft(single: Single, found: Found, kind: MentionKind) -> Draft:
    return Draft(
        kind=kind,
        visibility=Visibility.GROUP,
        identity=notification_part(single.notification),
        pattern=found.pattern,
        confidence=_CHAT_CONFIDENCE,
        actor=make_actor(found.actor, None),
        conversation=Conversation(found.target, found.target, True) if found.target else None,
        occurred_at_ms=occurred_at_ms(single.notification),
        open=open_link(None),
    )


def _read_message(single: Single) -> Outcome:
    notification = single.notification
    flagged = is_group(notification, single.channel)
    title = read_title(notification, single.wordings, single.envelope.locale, is_group=flagged)
    is_in_group = bool(flagged) or title.sender is not None
    sender, words = title.sender if is_in_group else title.conversation, single.text
    if is_in_group and sender is None:
        sender, words = _sender_in_text(words)
    content = read_content(words, None, single.wordings, single.envelope.locale)
    thread = make_thread(notification, title.conversation, is_group=is_in_group)
    if content.is_deletion:
        return _deletion(single, thread, sender)
    if content.dropped is not None and words:
        return Ignored(content.dropped)
    return Parsed((_message_draft(single, thread, content, sender, title.count),))


def _sender_in_text(text: str | None) -> tuple[str | None, str | None]:
    """Split `Sender: words`, as a group shows them where neither title nor messages name the sender."""
    sender, colon, words = (text or "").partition(": ")
    return (sender, words) if colon and words and len(sender) <= _LONGEST_SENDER else (None, text)


def _deletion(single: Single, thread: Thread, sender: str | None) -> Outcome:
    """Amend the message whose place the words took, where the record says which one that was."""
    at_ms = occurred_at_ms(single.notification)
    if sender is None or at_ms is None:
        return Ignored(_DELETED)
    key = thread.key
    amendment = Amendment(kind=AmendmentKind.DELETED, conversation_key=key, sender=sender, at_ms=at_ms)
    return Parsed((), (amendment,))


def _message_draft(
    single: Single, thread: Thread, content: Content, sender: str | None, stated: int | None = None
) -> Draft:
    actor = make_actor(sender, thread.phone)
    is_sure = is_chat(single.notification, single.channel)
    return Draft(
        kind=content.kind or thread.kind,
        visibility=thread.visibility,
        identity=notification_part(single.notification),
        pattern=content.pattern,
        confidence=min(content.certainty, _CHAT_CONFIDENCE if is_sure else _BARE_CONFIDENCE),
        actor=actor,
        conversation=thread.conversation,
        target=content.target,
        body=content.body,
        media=content.media,
        count=content.count or stated,
        occurred_at_ms=occurred_at_ms(single.notification),
        open=open_link(actor),
    )
