"""A messenger's notification that is no thread: a call, a notice, or a chat reduced to its title and text."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from veilleur.model.identity import MessageSlot, NotificationPart
from veilleur.model.kinds import AmendmentKind, MentionKind, Visibility
from veilleur.model.outcome import BY_CHANNEL, UNKNOWN_WORDING, Amendment, Draft, Ignored, Outcome, Parsed, Quarantined
from veilleur.model.parts import Actor, Media
from veilleur.parsers.catalogue import Meaning, Use
from veilleur.parsers.conversation_lines import growing_text, read_inbox
from veilleur.parsers.conversation_message import (
    REDACTED,
    SELF_ECHO,
    Content,
    content_of,
    message_draft,
    read_content,
)
from veilleur.parsers.conversation_people import is_name_of, make_actor
from veilleur.parsers.conversation_record import Shown, Thread, make_thread
from veilleur.parsers.conversation_title import TitleReading, named_title, read_title
from veilleur.parsers.plaintext import clean_name, make_plain
from veilleur.parsers.record import full_text, notification_part, occurred_at_ms
from veilleur.parsers.wording_forms import ActorPlace
from veilleur.parsers.wordings import Accepts, Found

_CALLS: Final = frozenset({MentionKind.CALL, MentionKind.MISSED_CALL})
_IN_GROUPS: Final = frozenset({MentionKind.GROUP_EVENT, MentionKind.GROUP_MESSAGE})
_MESSAGES: Final = frozenset({None, MentionKind.DIRECT_MESSAGE, MentionKind.GROUP_MESSAGE})
_IN_CONVERSATIONS: Final = _MESSAGES | _IN_GROUPS | {MentionKind.MESSAGE_REQUEST}
# What a channel tells of words that somebody wrote; of other kinds they are the app's own.
_WRITTEN: Final = frozenset(
    {MentionKind.MESSAGE_REQUEST, MentionKind.MENTION, MentionKind.REPLY, MentionKind.REACTION, MentionKind.COMMENT}
)
_NOT_OF_THE_APP: Final = frozenset({MentionKind.REACTION, MentionKind.MENTION})
_COLLAPSED: Final = "collapsed_count"
_TYPING: Final = "typing"
_INSTEAD_OF_MESSAGES: Final = frozenset({_COLLAPSED, _TYPING, REDACTED})
_DELETED: Final = "message_deleted"
_CHAT_CONFIDENCE: Final = 0.8
_BARE_CONFIDENCE: Final = 0.5
_LONGEST_SENDER: Final = 40
_COLON: Final = ": "


class Single(Struct, frozen=True):
    """One notification at hand; `name` is its title where that may name somebody."""

    shown: Shown
    name: str | None
    text: str | None


def read_single(shown: Shown) -> Outcome:
    """Read a notice where title or text is one, else a chat message where the title names somebody."""
    notification = shown.notification
    text = full_text(notification)
    single = Single(shown, named_title(shown), text and text.strip())
    notice = _find(shown, notification.title, _is_notice_in_title)
    if notice is not None:
        return _read_notice(single, notice, notification.title, notice.actor or single.text)
    if notification.text_lines and single.name and shown.record.is_chat and shown.record.kind is None:
        return read_inbox(shown)
    words = single.text or (None if single.name else notification.ticker)
    is_chat_with = single.name is not None and shown.record.kind not in _CALLS
    notice = _find(shown, words, _is_notice_under_name if is_chat_with else _is_notice)
    if notice is not None and (not is_chat_with or _is_about(notice, single)):
        return _read_notice(single, notice, words, notice.actor or single.name)
    return _read_chat(single)


def _read_chat(single: Single) -> Outcome:
    record, text = single.shown.record, single.text
    if record.kind in _CALLS:
        caller = make_actor(single.name, None) if record.kind is MentionKind.CALL else None
        return Parsed((_call_draft(single, None, record.kind, caller),))
    if record.ignored_wordless is not None and not text:
        return Ignored(record.ignored_wordless)
    if record.kind is not None and record.kind not in _WRITTEN:
        return Parsed((_channel_draft(single, record.kind),))
    if single.name and (text or record.is_chat):
        return _read_message(single)
    return Quarantined(UNKNOWN_WORDING if text or single.shown.notification.title else "no_words")


def _find(shown: Shown, words: str | None, accepts: Accepts) -> Found | None:
    if not words:
        return None
    return shown.wordings.find(make_plain(words), shown.envelope.locale, accepts, ActorPlace.IN_TEXT)


def _is_notice_in_title(meaning: Meaning) -> bool:
    return meaning.ignored is not None or meaning.kind in _CALLS


def _is_notice_under_name(meaning: Meaning) -> bool:
    if meaning.ignored is not None:
        return meaning.ignored in _INSTEAD_OF_MESSAGES
    return meaning.kind is not None and meaning.kind not in _NOT_OF_THE_APP


def _is_about(found: Found, single: Single) -> bool:
    """Whether a notice under a name is the app's: "Bram joined the club" is what Nadia wrote, unless it names her.

    Under a group's name it is the app's unless a sender stands before it.
    """
    name, actor = single.name, found.actor
    if actor is not None and single.shown.record.is_group and found.entry.meaning.kind is MentionKind.GROUP_EVENT:
        return _COLON not in actor and _COLON not in (name or "")
    named = [shown for shown in (actor, found.target) if shown]
    return not named or (name is not None and any(is_name_of(shown, name) for shown in named))


def _is_notice(meaning: Meaning) -> bool:
    return meaning.kind not in _NOT_OF_THE_APP and meaning.use is not Use.TITLE


def _read_notice(single: Single, found: Found, words: str | None, name: str | None) -> Outcome:
    """Make what the words of a notice say; `name` is the caller or sender as its words or the other field name him."""
    meaning = found.entry.meaning
    if meaning.ignored is not None:
        return Ignored(meaning.ignored)
    if meaning.kind in _CALLS:
        return Parsed((_call_draft(single, found, meaning.kind, make_actor(name, None)),))
    if meaning.amends is not None:
        return Ignored(_DELETED)
    return Parsed((_notice_draft(single, found, words, name),))


def _notice_draft(single: Single, found: Found, words: str | None, name: str | None) -> Draft:
    shown, content, is_in_group = single.shown, content_of(found, words), found.entry.meaning.kind in _IN_GROUPS
    group = found.target or (single.name if shown.record.is_group else None)
    thread = make_thread(shown.record, group if is_in_group else name, is_group=is_in_group)
    actor = make_actor(found.actor if is_in_group else name, thread.phone)
    is_in_conversation = content.kind in _IN_CONVERSATIONS and thread.conversation.title is not None
    is_whole = content.kind not in _MESSAGES or content.body is not None or content.media is not None
    return Draft(
        kind=content.kind or thread.kind,
        visibility=thread.visibility,
        identity=notification_part(shown.notification),
        pattern=content.pattern,
        confidence=_CHAT_CONFIDENCE if is_whole else _BARE_CONFIDENCE,
        actor=actor,
        conversation=thread.conversation if is_in_conversation else None,
        target=None if is_in_group else content.target,
        body=content.body,
        media=content.media,
        count=content.count,
        occurred_at_ms=occurred_at_ms(shown.notification),
        open=shown.app.link_to(actor, shown.record),
    )


def _channel_draft(single: Single, kind: MentionKind) -> Draft:
    """Make the mention that the channel tells of, whatever its words: with less confidence, and nothing invented."""
    shown = single.shown
    is_group = bool(shown.record.is_group)
    actor = None if is_group else make_actor(single.name, shown.record.phone)
    return Draft(
        kind=kind,
        visibility=make_thread(shown.record, single.name, is_group=is_group).visibility,
        identity=notification_part(shown.notification),
        pattern=f"{BY_CHANNEL}{shown.record.channel}",
        confidence=_BARE_CONFIDENCE,
        actor=actor,
        body=single.text if kind is MentionKind.OTHER else None,
        occurred_at_ms=occurred_at_ms(shown.notification),
        open=shown.app.link_to(actor, shown.record),
    )


def _call_draft(single: Single, found: Found | None, kind: MentionKind, actor: Actor | None) -> Draft:
    shown = single.shown
    thread = make_thread(shown.record, actor.name if actor else None, is_group=False)
    if actor is not None and actor.phone is None:
        actor = Actor(actor.name, phone=thread.phone)
    return Draft(
        kind=kind,
        visibility=Visibility.PRIVATE,
        identity=notification_part(shown.notification),
        pattern=found.pattern if found else f"{BY_CHANNEL}{shown.record.channel or kind}",
        confidence=_CHAT_CONFIDENCE if found else _BARE_CONFIDENCE,
        actor=actor,
        conversation=thread.conversation if actor else None,
        media=Media(found.entry.media) if found and found.entry.media else None,
        count=found.count if found else None,
        occurred_at_ms=occurred_at_ms(shown.notification),
        open=shown.app.link_to(actor, shown.record),
        folds=kind is MentionKind.CALL,
    )


def _read_message(single: Single) -> Outcome:
    shown = single.shown
    flagged = shown.record.is_group
    title = read_title(shown.notification, shown.wordings, shown.envelope.locale, is_group=flagged)
    is_in_group = bool(flagged) or title.sender is not None
    sender, words = title.sender if is_in_group else title.conversation, single.text
    if shown.record.is_titled_by_sender:
        sender, title = title.conversation, TitleReading(None)
    elif is_in_group and sender is None:
        sender, words = _sender_in_text(words)
    if is_in_group and sender is not None and shown.wordings.is_own_name(clean_name(sender)):
        return Ignored(SELF_ECHO)
    content = read_content(words, None, sender, shown)
    thread = make_thread(shown.record, title.conversation, is_group=is_in_group)
    if content.is_deletion:
        return _deletion(single, thread, sender)
    if content.dropped is not None and words:
        return Ignored(content.dropped)
    draft = _message_draft(single, thread, content, sender, title.count)
    if shown.record.grows and content.body is not None and not is_in_group:
        return growing_text(draft, thread.key, sender, content.body)
    return Parsed((draft,), is_doubtful=content.is_doubtful)


def _sender_in_text(text: str | None) -> tuple[str | None, str | None]:
    """Split `Sender: words`, as a group shows them where neither title nor messages name the sender."""
    sender, colon, words = (text or "").partition(_COLON)
    return (sender, words) if colon and words and len(sender) <= _LONGEST_SENDER else (None, text)


def _deletion(single: Single, thread: Thread, sender: str | None) -> Outcome:
    """Amend the message whose place the words took, where the record says which one that was."""
    at_ms = occurred_at_ms(single.shown.notification)
    if sender is None or at_ms is None:
        return Ignored(_DELETED)
    key = thread.key
    amendment = Amendment(kind=AmendmentKind.DELETED, conversation_key=key, sender=sender, at_ms=at_ms)
    return Parsed((), (amendment,))


def _message_draft(
    single: Single, thread: Thread, content: Content, sender: str | None, stated: int | None = None
) -> Draft:
    shown = single.shown
    draft = message_draft(
        shown,
        thread,
        content,
        identity=_identity(shown, sender),
        actor=make_actor(sender or content.actor, thread.phone),
        certainty=min(content.certainty, _CHAT_CONFIDENCE if shown.record.is_chat else _BARE_CONFIDENCE),
        kind=shown.record.kind,
        at_ms=occurred_at_ms(shown.notification),
    )
    return replace(draft, count=stated) if stated and not draft.count else draft


def _identity(shown: Shown, sender: str | None) -> MessageSlot | NotificationPart:
    """Return the message form where the app gives its message a key: it shows the same one again under later times."""
    record, notification = shown.record, shown.notification
    if record.message_id is None:
        return notification_part(notification)
    return MessageSlot(record.key, sender or "", occurred_at_ms(notification) or 0, record.message_id)
