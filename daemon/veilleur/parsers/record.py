"""What every app's notification tells by its record alone, before a word is read."""

from __future__ import annotations

from typing import Final

from veilleur.model.identity import NotificationPart
from veilleur.model.kinds import Exactness
from veilleur.model.parts import OpenLink
from veilleur_bridge.envelope import Notification

FLAG_GROUP_SUMMARY: Final = 0x200
FLAG_ONGOING_EVENT: Final = 0x2
FLAG_FOREGROUND_SERVICE: Final = 0x40
NO_LINK: Final = OpenLink(None, Exactness.NONE)
_ELLIPSES: Final = ("…", "...")


def is_group_summary(notification: Notification) -> bool:
    """Whether Android marks this record as the head of a group, which repeats its children."""
    return bool(notification.is_group_summary) or bool((notification.flags or 0) & FLAG_GROUP_SUMMARY)


def full_text(notification: Notification) -> str | None:
    """Return the text, or the big text where that is the same one uncut."""
    text, big_text = notification.text, notification.big_text
    if not text or not big_text or len(big_text) <= len(text):
        return text or big_text
    start = text
    for ellipsis in _ELLIPSES:
        start = start.removesuffix(ellipsis)
    return big_text if big_text.startswith(start) else text


def notification_part(notification: Notification, part: int = 0) -> NotificationPart:
    """Return the notification form of identity, from raw fields only.

    A record without a posting time takes its `when`, then 0: a log without times is captured anew at each replay.
    """
    posted_at_ms = notification.posted_at_ms or notification.when_ms or 0
    words = f"{notification.title or ''}\n{full_text(notification) or ''}"
    return NotificationPart(notification.key, posted_at_ms, words, part)


def occurred_at_ms(notification: Notification) -> int | None:
    """Return the time that the app gave the event, None where it gave none (Android writes 0)."""
    return notification.when_ms if notification.when_ms and notification.when_ms > 0 else None
