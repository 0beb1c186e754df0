"""How WhatsApp shows a conversation: the whole thread again at each message, and a summary beside it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from samples.story.moments import App, Chat

Fields = dict[str, Any]

GROUP: Final = "group_key_messages"
FLAG_ONLY_ALERT_ONCE: Final = 0x8
FLAG_GROUP_SUMMARY: Final = 0x200
IMPORTANCE_LOW: Final = 2
IMPORTANCE_HIGH: Final = 4
MAX_SUMMARY_LINES: Final = 7
SELF: Final = {"fr": "Vous", "en": "You"}
DELETED: Final = {"fr": "Ce message a été supprimé", "en": "This message was deleted"}
ACTIONS: Final = {"fr": ["Répondre", "Marquer comme lu"], "en": ["Reply", "Mark as read"]}
SILENT: Final = {"fr": "Notifications silencieuses", "en": "Silent notifications"}
PERSON_CHANNEL: Final = {"fr": "Notifications de messages", "en": "Message notifications"}
GROUP_CHANNEL: Final = {"fr": "Notifications de groupes", "en": "Group notifications"}


@dataclass(slots=True)
class Line:
    """One message as its thread shows it; `sender` None is the tablet's own user."""

    at_ms: int
    sender: str | None
    text: str
    mime: str | None = None
    label: str | None = None


def child_key(chat: Chat) -> str:
    """Return the key of a conversation's own notification: its tag ends in a newline, as WhatsApp's do."""
    return f"0|{chat.app.package}|1|{_tag(chat)}|{chat.app.uid}"


def summary_key(app: App) -> str:
    """Return the key of the app's group summary."""
    return f"0|{app.package}|1|null|{app.uid}"


def child(chat: Chat, lines: Sequence[Line], language: str, *, is_silent: bool = False) -> Fields:
    """Show a conversation in MessagingStyle, oldest message first."""
    last = lines[-1]
    unread = [line for line in lines if line.sender is not None]
    return {
        "key": child_key(chat),
        "id": 1,
        "tag": _tag(chat),
        "group": GROUP,
        "is_group_summary": False,
        **_channel(chat, language, is_silent=is_silent),
        "category": "msg",
        "visibility": 0,
        "flags": FLAG_ONLY_ALERT_ONCE,
        "when_ms": last.at_ms,
        "ongoing": False,
        "shortcut_id": chat.jid,
        "title": _title(chat, last, len(unread)),
        "text": last.text,
        **({"conversation_title": chat.name} if chat.is_group else {}),
        "is_group_conversation": chat.is_group,
        "self_name": SELF[language],
        "messages": [_message(line, language) for line in lines],
        "template": "android.app.Notification$MessagingStyle",
        "number": len(unread),
        "actions": ACTIONS[language],
        "extras": {"last_row_id": 9000 + last.at_ms // 1000 % 7919},
    }


def summary(app: App, threads: Mapping[Chat, Sequence[Line]], language: str) -> Fields:
    """Show the app's summary over its conversations: a copy of the only message, or an inbox of lines."""
    unread = [(chat, line) for chat, lines in threads.items() for line in lines if line.sender is not None]
    unread.sort(key=lambda pair: pair[1].at_ms)
    last_chat, last = unread[-1]
    return {
        "key": summary_key(app),
        "id": 1,
        "group": GROUP,
        "is_group_summary": True,
        "channel": "silent_notifications_3",
        "channel_name": SILENT[language],
        "category": "msg",
        "importance": IMPORTANCE_LOW,
        "visibility": 0,
        "flags": FLAG_GROUP_SUMMARY,
        "when_ms": last.at_ms,
        "ongoing": False,
        **({"shortcut_id": last_chat.jid} if len(threads) == 1 else {}),
        **_summary_words(app, threads, unread, language),
        "ticker": f"Message de {last.sender}" if language == "fr" else f"Message from {last.sender}",
        "number": len(unread),
    }


def _summary_words(
    app: App, threads: Mapping[Chat, Sequence[Line]], unread: Sequence[tuple[Chat, Line]], language: str
) -> Fields:
    chat, last = unread[-1]
    if len(unread) == 1:
        return {"title": chat.name, "text": last.text}
    count = f"{len(unread)} nouveaux messages" if language == "fr" else f"{len(unread)} new messages"
    title = chat.name
    if len(threads) > 1:
        title = app.label
        parts = ("messages de", "discussions") if language == "fr" else ("messages from", "chats")
        count = f"{len(unread)} {parts[0]} {len(threads)} {parts[1]}"
    shown = unread[-MAX_SUMMARY_LINES:]
    return {
        "title": title,
        "text": count,
        "summary_text": count,
        "text_lines": [_summary_line(chat, line, is_alone=len(threads) == 1) for chat, line in shown],
        "template": "android.app.Notification$InboxStyle",
    }


def _summary_line(chat: Chat, line: Line, *, is_alone: bool) -> str:
    if is_alone:
        return f"{line.sender}: {line.text}" if chat.is_group else line.text
    return f"{line.sender} @ {chat.name}: {line.text}" if chat.is_group else f"{chat.name}: {line.text}"


def _title(chat: Chat, last: Line, unread: int) -> str:
    if not chat.is_group:
        return chat.name
    counted = f"{chat.name} ({unread} messages)" if unread > 1 else chat.name
    return f"{counted}: {last.sender}" if last.sender else counted


def _message(line: Line, language: str) -> Fields:
    # Some builds name the tablet's own user, others leave the sender out: the two languages show both.
    sender = line.sender or (SELF["fr"] if language == "fr" else None)
    message: Fields = {"at_ms": line.at_ms, "sender": sender, "text": line.text, "mime": line.mime}
    return {name: value for name, value in message.items() if value is not None}


def _channel(chat: Chat, language: str, *, is_silent: bool) -> Fields:
    if is_silent:
        return {"channel": "silent_notifications_3", "channel_name": SILENT[language], "importance": IMPORTANCE_LOW}
    if chat.is_group:
        return {
            "channel": "group_chat_defaults_2",
            "channel_name": GROUP_CHANNEL[language],
            "importance": IMPORTANCE_HIGH,
        }
    return {
        "channel": "individual_chat_defaults_2",
        "channel_name": PERSON_CHANNEL[language],
        "importance": IMPORTANCE_HIGH,
    }


def _tag(chat: Chat) -> str:
    return b64encode(sha256(chat.jid.encode()).digest()).decode() + "\n"
