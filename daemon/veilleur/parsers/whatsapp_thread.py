"""A WhatsApp thread (MessagingStyle): each message once, however often the thread is posted again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from veilleur.model.identity import MessageSlot
from veilleur.model.kinds import AmendmentKind
from veilleur.model.outcome import Amendment, Draft, Ignored, Outcome, Parsed
from veilleur.parsers.plaintext import clean_name
from veilleur.parsers.whatsapp_message import Content, Thread, make_actor, open_link, read_content
from veilleur.parsers.whatsapp_record import phone_of_sender
from veilleur.parsers.wordings import Wordings
from veilleur_bridge.envelope import Message, Notification

SELF_ECHO = "self_echo"
_UNDATED = 0
_UNDATED_CERTAINTY = 0.8


def read_thread(notification: Notification, thread: Thread, wordings: Wordings, locale: str | None) -> Outcome:
    """Return a mention for each message of others and an amendment for each deletion."""
    drafts: dict[MessageSlot, Draft] = {}
    amendments: list[Amendment] = []
    reasons: list[str] = []
    for message, slot in _slots(notification, thread.key):
        if message.sender is None or _is_self(message.sender, notification.self_name):
            reasons.append(SELF_ECHO)
            continue
        content = read_content(message.text, message.mime, wordings, locale)
        if content.dropped is not None:
            reasons.append(content.dropped)
        elif content.is_deletion:
            amendments.append(_deletion(slot))
        else:
            drafts[slot] = _draft(message, slot, content, thread)
    if drafts or amendments:
        return Parsed(tuple(drafts.values()), tuple(amendments))
    return Ignored(reasons[-1])


def _slots(notification: Notification, conversation_key: str) -> Iterator[tuple[Message, MessageSlot]]:
    yield from _slots_of(notification.historic_messages or (), conversation_key)
    yield from _slots_of(notification.messages or (), conversation_key)


def _slots_of(messages: Sequence[Message], conversation_key: str) -> Iterable[tuple[Message, MessageSlot]]:
    """Give each message its place; equal ones of one snapshot are told apart by their ordinal."""
    seen: Counter[tuple[str, int, str]] = Counter()
    for message in messages:
        place = (message.sender or "", message.at_ms or _UNDATED, message.text or "")
        yield message, MessageSlot(conversation_key, *place, seen[place])
        seen[place] += 1


def _is_self(sender: str, self_name: str | None) -> bool:
    return self_name is not None and (sender == self_name or clean_name(sender) == clean_name(self_name))


def _deletion(slot: MessageSlot) -> Amendment:
    return Amendment(
        kind=AmendmentKind.DELETED, conversation_key=slot.conversation_key, sender=slot.sender, at_ms=slot.at_ms
    )


def _draft(message: Message, slot: MessageSlot, content: Content, thread: Thread) -> Draft:
    actor = make_actor(message.sender, phone_of_sender(message) or thread.phone)
    return Draft(
        kind=content.kind or thread.kind,
        visibility=thread.visibility,
        identity=slot,
        pattern=content.pattern,
        confidence=content.certainty if slot.at_ms else _UNDATED_CERTAINTY,
        actor=actor,
        conversation=thread.conversation,
        target=content.target,
        body=content.body,
        media=content.media,
        count=content.count,
        occurred_at_ms=slot.at_ms or None,
        open=open_link(actor),
    )
