"""Messenger: its tag is the key of the thread, and says of whom it consists."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from veilleur.parsers.conversation_ordinary import ordinary_record
from veilleur.parsers.conversation_record import ChatRecord
from veilleur.parsers.source_app import SourceApp
from veilleur_bridge.envelope import Notification

_ONE: Final = "ONE_TO_ONE:"  # ONE_TO_ONE:<the other's id>:<one's own id>
_SEVERAL: Final = "GROUP:"


def messenger_record(app: SourceApp, notification: Notification) -> ChatRecord:
    """Return what the record tells, its conversation by the thread's key where the tag holds one."""
    record = ordinary_record(app, notification)
    tag = notification.tag or ""
    is_one, is_several = tag.startswith(_ONE), tag.startswith(_SEVERAL)
    if not is_one and not is_several:
        return record
    return replace(record, key=tag, address=tag, is_group=is_several, is_chat=True)
