"""LINE: what its records tell without words; it shows one message at a time, with a key of its own."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from veilleur.model.kinds import MentionKind
from veilleur.parsers.conversation_ordinary import ordinary_record
from veilleur.parsers.conversation_record import ChatRecord
from veilleur.parsers.source_app import SourceApp
from veilleur_bridge.envelope import Notification

_CHAT: Final = "line.chat.id"
_MESSAGE: Final = "line.message.id"
_MISSED_CALL: Final = "NOTIFICATION_TAG_MISSED_CALL"
_GENERAL: Final = "jp.naver.line.android.notification.GeneralNotifications"
# LINE's ids: u… one person, c… a group, r… several people without a group.
_GROUP: Final = "c"
_SEVERAL: Final = "r"


def line_record(app: SourceApp, notification: Notification) -> ChatRecord:
    """Return what the record tells; a chat of several people without a group names its sender alone."""
    record = ordinary_record(app, notification)
    chat = _extra(notification, _CHAT)
    has_title = bool(notification.conversation_title or notification.sub_text)
    return replace(
        record,
        key=chat or record.key,
        address=chat,
        is_group=chat.startswith((_GROUP, _SEVERAL)) if chat else has_title or None,
        is_titled_by_sender=chat is not None and chat.startswith(_SEVERAL) and not has_title,
        kind=MentionKind.MISSED_CALL if notification.tag == _MISSED_CALL else record.kind,
        message_id=_extra(notification, _MESSAGE),
        ignored="call_ongoing" if _is_in_call(notification, chat) else record.ignored,
    )


def _is_in_call(notification: Notification, chat: str | None) -> bool:
    """Whether the record is the one that stays while a call goes on: it belongs to no chat and to no group."""
    is_alone = chat is None and notification.tag is None and notification.group is None
    return notification.channel == _GENERAL and is_alone


def _extra(notification: Notification, name: str) -> str | None:
    found = (notification.extras or {}).get(name)
    return str(found) if found not in (None, "") else None
