"""Telegram and Telegram X: what their records tell without words (DrKLO/Telegram, NotificationsController.java)."""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from veilleur.model.kinds import MentionKind, Visibility
from veilleur.parsers.conversation_ordinary import ordinary_record
from veilleur.parsers.conversation_record import SUMMARY, ChatRecord
from veilleur.parsers.source_app import SourceApp
from veilleur_bridge.envelope import Notification

_ACCOUNT: Final = re.compile("[0-9]+(?=channel_)")  # 0channel_private_…, 1channel_-1001234_…
_FIRST_ACCOUNT: Final = "0"
# user|package|id|tag|uid: the head of the group has the account's number as its id, a conversation one of its own.
_HEAD_KEY: Final = re.compile(r"[0-9]+\|org\.telegram\.messenger(?:\.web)?\|[0-9]\|null\|")


def telegram_record(app: SourceApp, notification: Notification) -> ChatRecord:
    """Return what the record tells; the same conversation of two accounts is two.

    A channel's posts are for its subscribers: nothing in the record says whether anybody may become one.
    """
    record = ordinary_record(app, notification)
    is_channel = record.kind is MentionKind.NEW_POST
    return replace(
        record,
        key=_account(notification) + record.key,
        address=_account(notification) + record.address if record.address else None,
        is_group=False if is_channel else record.is_group,
        broadcast_to=Visibility.GROUP if is_channel else None,
        kind=None if is_channel else record.kind,
        grows=True,
        ignored=SUMMARY if _is_head(notification) else record.ignored,
    )


def _account(notification: Notification) -> str:
    found = _ACCOUNT.match(notification.channel or "")
    return "" if found is None or found[0] == _FIRST_ACCOUNT else f"{found[0]}/"


def _is_head(notification: Notification) -> bool:
    return not notification.messages and _HEAD_KEY.match(notification.key) is not None
