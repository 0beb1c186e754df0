"""The format `telegram`: Telegram Desktop's export as JSON, of one chat or of all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from veilleur_bridge.delivery import LogItem, LogProblem
from veilleur_bridge.envelope import Message, Notification
from veilleur_bridge.export_package import ExportPackage
from veilleur_bridge.sources.equal_messages import EqualMessages
from veilleur_bridge.sources.imported import imported_delivery
from veilleur_bridge.sources.json_items import Item, Opened, Told, read_items
from veilleur_bridge.sources.local_clock import LocalClock, at_ms_of
from veilleur_bridge.sources.log_format import FormatReader, LogContext, LogFormat
from veilleur_bridge.sources.raw_notification import RawNotification

_MESSAGES: Final = "messages"
_SERVICE: Final = "service"
_CHANNEL: Final = "channel"
_SIGNS: Final = re.compile(
    rb'"(?:date_unixtime|text_entities|personal_information)"\s*:'
    rb'|"type"\s*:\s*"(?:personal_chat|bot_chat|saved_messages|(?:private|public)_(?:group|supergroup|channel))"'
)
_TYPES: Final = {
    "sticker": "image/webp",
    "animation": "image/gif",
    "voice_message": "audio/ogg",
    "video_message": "video/mp4",
    "video_file": "video/mp4",
    "audio_file": "audio/mpeg",
}
_PHOTO: Final = "image/jpeg"
_CONTACT: Final = "text/vcard"


def recognise(lines: Sequence[bytes]) -> bool:
    """Tell whether the text begins as JSON and has names that only this export has."""
    text = b"\n".join(lines).lstrip()
    return text[:1] == b"{" and bool(_SIGNS.search(text))


def read(pieces: Iterator[bytes], context: LogContext) -> Iterator[LogItem]:
    """Yield a delivery for each message of every chat."""
    chat = _Chat(context)
    for found in read_items(pieces, context.name, lambda path: path[-1:] == (_MESSAGES,)):
        if isinstance(found, Opened):
            chat = _Chat(context)
        elif isinstance(found, Told):
            chat.told[found.path[-1]] = found.value
        elif isinstance(found, Item):
            yield chat.item(found)
        else:
            yield found


class _Chat:
    """The chat whose messages are read: what stands beside them, and equal messages without an id."""

    def __init__(self, context: LogContext) -> None:
        self._context = context
        self._clock = LocalClock(context.zone)
        self._equal = EqualMessages()
        self.told: dict[str, Any] = {}

    def item(self, found: Item) -> LogItem:
        """Return one message as a delivery."""
        origin, members = f"{self._context.name}:{found.line}", found.members
        at_ms = self._at_ms(members)
        if at_ms is None:
            return LogProblem(origin, "the message has no date")
        raw = RawNotification(origin, ExportPackage.TELEGRAM, None, self._notification(members, at_ms))
        return imported_delivery(raw, LogFormat.TELEGRAM, self._context)

    def _notification(self, members: Mapping[str, Any], at_ms: int) -> Notification:
        title = self._context.hints.conversation or _text(self.told.get("name"))
        chat, kind = self.told.get("id"), _text(self.told.get("type")) or ""
        sender = _text(members.get("from")) or _text(members.get("from_id"))
        text = _words(members)
        number = members.get("id")
        if not isinstance(number, int):
            number = self._equal.ordinal((at_ms, sender, text))
        is_notice = members.get("type") == _SERVICE
        message = Message(at_ms, sender, sender_key=_text(members.get("from_id")), text=text, mime=_mime(members))
        return Notification(
            key=f"{chat if chat is not None else title or self._context.name}|{number}",
            id=number,
            tag=str(chat) if chat is not None else self._context.name,
            category=_CHANNEL if kind.endswith(_CHANNEL) else None,
            when_ms=at_ms,
            posted_at_ms=at_ms,
            conversation_title=title,
            is_group_conversation=kind.endswith("group"),
            self_name=self._context.hints.own_name,
            messages=None if is_notice else (message,),
            text=_text(members.get("action")) if is_notice else None,
        )

    def _at_ms(self, members: Mapping[str, Any]) -> int | None:
        try:
            return at_ms_of(int(members["date_unixtime"]))
        except (KeyError, TypeError, ValueError, OverflowError):
            pass
        try:
            return self._clock.at_ms(datetime.fromisoformat(members["date"]).replace(tzinfo=None))
        except (KeyError, TypeError, ValueError):
            return None


def _words(members: Mapping[str, Any]) -> str | None:
    """Return the words: a text, or parts of which some carry a style; of a poll its question."""
    parts = members.get("text")
    if isinstance(parts, list):
        parts = "".join(_text(part.get("text") if isinstance(part, dict) else part) or "" for part in parts)
    poll = members.get("poll")
    return _text(parts) or (_text(poll.get("question")) if isinstance(poll, dict) else None)


def _mime(members: Mapping[str, Any]) -> str | None:
    if "photo" in members:
        return _PHOTO
    if "contact_information" in members:
        return _CONTACT
    return _TYPES.get(_text(members.get("media_type")) or "") or _text(members.get("mime_type"))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


TELEGRAM: Final = FormatReader(LogFormat.TELEGRAM, "Telegram Desktop's export as JSON", recognise, read)
