"""What the record of a messenger tells that keeps to Android's own rules: its channel, and its thread."""

from __future__ import annotations

from typing import Final

from veilleur.model.kinds import MentionKind
from veilleur.parsers.conversation_record import CATEGORY_MESSAGE, SUMMARY, ChatRecord
from veilleur.parsers.record import is_group_summary
from veilleur.parsers.source_app import ANY, ChannelReading, SourceApp
from veilleur_bridge.envelope import Notification

_MESSAGES: Final = frozenset({MentionKind.DIRECT_MESSAGE, MentionKind.GROUP_MESSAGE})


def ordinary_record(app: SourceApp, notification: Notification) -> ChatRecord:
    """Return what the record of an ordinary messenger tells: its channel, and what Android itself says of a thread."""
    reading = app.reading_of(notification)
    return ChatRecord(
        key=notification.shortcut_id or notification.key,
        address=notification.shortcut_id,
        is_group=says_group(notification, reading),
        is_chat=is_chat(notification, reading),
        channel=reading.id.strip(ANY) if reading else None,
        kind=finer_kind(reading),
        ignored=SUMMARY if is_group_summary(notification) else reading.noise if reading else None,
    )


def says_group(notification: Notification, reading: ChannelReading | None) -> bool | None:
    """Whether the conversation is a group; before Android 9 a title of its own made it one (MessagingStyle)."""
    if reading is not None and reading.kind is MentionKind.GROUP_MESSAGE:
        return True
    if notification.is_group_conversation is None and notification.conversation_title:
        return True
    return notification.is_group_conversation


def is_chat(notification: Notification, reading: ChannelReading | None) -> bool:
    """Whether the record says that it shows a chat, whatever its words."""
    return (
        (reading is not None and reading.kind in _MESSAGES)
        or notification.category == CATEGORY_MESSAGE
        or bool(notification.shortcut_id)
        or notification.is_group_conversation is not None
    )


def finer_kind(reading: ChannelReading | None) -> MentionKind | None:
    """Return what a channel tells of its newest message where that is more than a message."""
    return reading.kind if reading is not None and reading.kind not in _MESSAGES else None
