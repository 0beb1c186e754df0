"""What a WhatsApp record tells without its words: its channel, its conversation, who it is with."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from veilleur.model.kinds import MentionKind, Visibility
from veilleur.parsers.conversation_people import phone_of_uri
from veilleur.parsers.conversation_record import CATEGORY_MESSAGE, SUMMARY, ChatRecord
from veilleur.parsers.record import is_group_summary
from veilleur_bridge.envelope import Message, Notification

_CHANNEL_NUMBER: Final = re.compile(r"(?:_[0-9]+|@[0-9]+)$")
_GROUP_ADDRESS: Final = "@g.us"
_PHONE_ADDRESS: Final = "@s.whatsapp.net"
_LINKED_ADDRESS: Final = "@lid"
_NEWSLETTER: Final = "newsletter"
_MESSAGES_GROUP: Final = "group_key_messages"
_HEAD_KEY: Final = re.compile(r"[0-9]+\|com\.whatsapp(?:\.w4b)?\|1\|null\|")  # user|package|id|tag|uid


class Channel(StrEnum):
    """The channels that tell something, without the number of their version."""

    DIRECT = "individual_chat_defaults"
    GROUP = "group_chat_defaults"
    SILENT = "silent_notifications"
    CALL = "voip_notification"
    SECURITY = "critical_app_alerts"
    OTHER = "other_notifications"
    SENDING = "sending_media"
    FAILURE = "failure_notifications"
    BACKUP = "chat_history_backup"
    PLAYBACK = "media_playback"


_NOISE: Final = {
    Channel.SECURITY: "security_notice",
    Channel.OTHER: "system_noise",
    Channel.SENDING: "sending_media",
    Channel.FAILURE: "failure",
    Channel.BACKUP: "backup",
    Channel.PLAYBACK: "media",
}
_CHAT_CHANNELS: Final = frozenset({Channel.DIRECT, Channel.GROUP, Channel.SILENT})
_BY_ID: Final = {str(channel): channel for channel in Channel}


def read_record(notification: Notification) -> ChatRecord:
    """Return what the record tells: noise, and else the conversation and whom it is with."""
    channel = _channel_of(notification)
    return ChatRecord(
        key=_conversation_key(notification),
        address=_conversation_address(notification),
        is_group=_is_group(notification, channel),
        is_chat=_is_chat(notification, channel),
        broadcast_to=Visibility.PUBLIC if _is_newsletter(notification) else None,
        phone=_phone_of_address(notification.shortcut_id),
        channel=channel,
        kind=MentionKind.CALL if channel is Channel.CALL else None,
        ignored=SUMMARY if _is_summary(notification) else _NOISE.get(channel) if channel else None,
        ignored_wordless="silent_update" if channel is Channel.SILENT else None,
    )


def phone_of_sender(message: Message) -> str | None:
    """Return the sender's number where the message's own record holds one."""
    return (
        _phone_of_address(message.sender_key)
        or phone_of_uri(message.sender_key)
        or _phone_of_address(message.sender_uri)
        or phone_of_uri(message.sender_uri)
    )


def _channel_of(notification: Notification) -> Channel | None:
    """Return the channel behind an id such as `group_chat_defaults_2` or `other_notifications@1`."""
    return _BY_ID.get(_CHANNEL_NUMBER.sub("", notification.channel)) if notification.channel else None


def _is_summary(notification: Notification) -> bool:
    """Whether the record is the head of WhatsApp's group; without Android's flag, it is the one that has no tag."""
    return is_group_summary(notification) or (
        notification.group == _MESSAGES_GROUP
        and notification.tag is None
        and not notification.messages
        and _HEAD_KEY.match(notification.key) is not None
    )


def _is_chat(notification: Notification, channel: Channel | None) -> bool:
    """Whether the record says that it shows a chat, whatever its words."""
    return (
        channel in _CHAT_CHANNELS
        or notification.category == CATEGORY_MESSAGE
        or bool(notification.shortcut_id)
        or notification.is_group_conversation is not None
    )


def _is_newsletter(notification: Notification) -> bool:
    """Whether the record shows a post of a WhatsApp channel, which anybody may read."""
    shortcut, group = notification.shortcut_id or "", notification.group or ""
    return shortcut.endswith("@" + _NEWSLETTER) or group.startswith(_NEWSLETTER + "_")


def _is_group(notification: Notification, channel: Channel | None) -> bool | None:
    """Whether the conversation is a group; None where the record does not say.

    Pictures may come without the group flag, so address and channel are asked first. Before Android 9 a
    title of its own made a conversation a group (Notification.MessagingStyle).
    """
    shortcut = notification.shortcut_id or ""
    if shortcut.endswith(_GROUP_ADDRESS) or channel is Channel.GROUP or notification.is_group_conversation:
        return True
    if shortcut.endswith((_PHONE_ADDRESS, _LINKED_ADDRESS)) or channel is Channel.DIRECT:
        return False
    if notification.is_group_conversation is None and notification.conversation_title:
        return True
    return notification.is_group_conversation


def _conversation_address(notification: Notification) -> str | None:
    """Return the app's own key of the conversation: its address, or the tag made from it."""
    return notification.shortcut_id or notification.tag


def _conversation_key(notification: Notification) -> str:
    """Return the stablest raw field that names the conversation: identities are made from it."""
    return (
        _conversation_address(notification) or notification.conversation_title or notification.title or notification.key
    )


def _phone_of_address(address: str | None) -> str | None:
    """Return the number in `…@s.whatsapp.net`; `…@lid` is none."""
    if not address or not address.endswith(_PHONE_ADDRESS):
        return None
    digits = address.removesuffix(_PHONE_ADDRESS)
    return "+" + digits if digits.isascii() and digits.isdecimal() else None
