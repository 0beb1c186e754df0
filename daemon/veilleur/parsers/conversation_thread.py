"""A thread (MessagingStyle): each message once, however often the thread is posted again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from veilleur.model.identity import MessageSlot
from veilleur.model.kinds import AmendmentKind, MentionKind
from veilleur.model.outcome import Amendment, Draft, Ignored, Outcome, Parsed
from veilleur.model.parts import Actor
from veilleur.parsers.conversation_message import SELF_ECHO, Content, message_draft, read_content
from veilleur.parsers.conversation_people import make_actor
from veilleur.parsers.conversation_record import Shown, Thread, make_thread
from veilleur.parsers.conversation_title import read_title
from veilleur.parsers.plaintext import clean_name
from veilleur_bridge.envelope import Message, Notification

_UNDATED = 0
_UNDATED_CERTAINTY = 0.8


def read_thread(shown: Shown) -> Outcome:
    """Return a mention for each message of others and an amendment for each deletion.

    It is as doubtful as its newest message: the others were shown before, each as the newest.
    """
    notification, is_group = shown.notification, bool(shown.record.is_group)
    title = read_title(notification, shown.wordings, shown.envelope.locale, is_group=is_group)
    thread = make_thread(shown.record, title.conversation, is_group=is_group)
    drafts: dict[MessageSlot, Draft] = {}
    amendments: list[Amendment] = []
    reasons: list[str] = []
    is_doubtful = False
    for message, slot in _slots(notification, thread.key):
        if message.sender is None or _is_self(message.sender, notification.self_name):
            reasons.append(SELF_ECHO)
            is_doubtful = False
            continue
        content = read_content(message.text, message.mime, clean_name(message.sender), shown)
        is_doubtful = content.is_doubtful
        if content.dropped is not None:
            reasons.append(content.dropped)
        elif content.is_deletion:
            amendments.append(_deletion(slot))
        else:
            drafts[slot] = _draft(message, slot, content, thread, shown)
    if drafts or amendments:
        return Parsed(tuple(drafts.values()), tuple(amendments), is_doubtful=is_doubtful)
    return Ignored(reasons[-1])


def _slots(notification: Notification, conversation_key: str) -> Iterator[tuple[Message, MessageSlot]]:
    yield from _slots_of(notification.historic_messages or (), conversation_key)
    yield from _slots_of(notification.messages or (), conversation_key)


def _slots_of(messages: Sequence[Message], conversation_key: str) -> Iterable[tuple[Message, MessageSlot]]:
    """Give each message its place; equal ones of one snapshot are told apart by their ordinal."""
    seen: dict[tuple[str, int, str], int] = {}
    for message in messages:
        place = (message.sender or "", message.at_ms or _UNDATED, message.text or "")
        ordinal = seen.get(place, 0)
        seen[place] = ordinal + 1
        yield message, MessageSlot(conversation_key, *place, ordinal)


def _is_self(sender: str, self_name: str | None) -> bool:
    return bool(self_name) and (sender == self_name or clean_name(sender) == clean_name(self_name or ""))


def _deletion(slot: MessageSlot) -> Amendment:
    return Amendment(
        kind=AmendmentKind.DELETED, conversation_key=slot.conversation_key, sender=slot.sender, at_ms=slot.at_ms
    )


def _draft(message: Message, slot: MessageSlot, content: Content, thread: Thread, shown: Shown) -> Draft:
    actor = make_actor(message.sender, shown.app.phone_of(message) or thread.phone) or _actor_of_notice(content, thread)
    if content.target is not None and content.target == thread.conversation.title:
        content = replace(content, target=None)
    return message_draft(
        shown,
        thread,
        content,
        identity=slot,
        actor=actor,
        certainty=content.certainty if slot.at_ms else min(content.certainty, _UNDATED_CERTAINTY),
        kind=_kind_by_channel(message, shown),
        at_ms=slot.at_ms or None,
    )


def _kind_by_channel(message: Message, shown: Shown) -> MentionKind | None:
    """Return what the channel implies: it was chosen for the message that the app had to tell of, the newest."""
    messages = shown.notification.messages
    return shown.record.kind if shown.record.kind and messages and message is messages[-1] else None


def _actor_of_notice(content: Content, thread: Thread) -> Actor | None:
    """Return who did what the app says under nobody's name: in a group it says so itself, elsewhere there is one."""
    one = None if thread.kind is MentionKind.GROUP_MESSAGE else thread.conversation.title
    return make_actor(content.actor or one, thread.phone)
