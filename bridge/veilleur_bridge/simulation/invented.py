"""Invented traffic: comments, and a chat whose notification shows its last messages again. One new mention each."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from veilleur_bridge.captured import Captured
from veilleur_bridge.envelope import AppInfo, EventKind, Message, Notification
from veilleur_bridge.simulation.moments import Show

TIKTOK: Final = AppInfo("com.zhiliaoapp.musically", "TikTok")
WHATSAPP: Final = AppInfo("com.whatsapp.w4b", "WhatsApp Business")
PACKAGES: Final = (TIKTOK.package, WHATSAPP.package)
LOCALE: Final = "fr-FR"
_SHOWN_MESSAGES: Final = 3
_STYLE: Final = "android.app.Notification$MessagingStyle"


def invented(number: int) -> Show:
    """Return the event of this number, from 1 on: odd ones are comments, even ones a chat's next message."""
    return (lambda now: _comment(number, now)) if number % 2 else (lambda now: _chat(number, now))


def _comment(number: int, now: datetime) -> Captured:
    shown = Notification(
        key=f"0|{TIKTOK.package}|{number}|null|10210",
        channel="comment_push",
        posted_at_ms=_to_ms(now),
        title="TikTok",
        text=f"Ondine a commenté : assiette numéro {number}",
    )
    return Captured(event=EventKind.POSTED, captured_at=now, app=TIKTOK, notification=shown)


def _chat(number: int, now: datetime) -> Captured:
    numbers = range(max(2, number - 2 * (_SHOWN_MESSAGES - 1)), number + 1, 2)
    messages = tuple(Message(at_ms=_sent_at_ms(one), sender="Maëlle", text=f"table numéro {one}") for one in numbers)
    shown = Notification(
        key=f"0|{WHATSAPP.package}|1|chat|10290",
        tag="chat",
        channel="individual_chat_defaults_1",
        category="msg",
        posted_at_ms=_to_ms(now),
        when_ms=messages[-1].at_ms,
        shortcut_id="33639980111@s.whatsapp.net",
        title="Maëlle",
        text=messages[-1].text,
        is_group_conversation=False,
        self_name="Vous",
        messages=messages,
        template=_STYLE,
    )
    event = EventKind.POSTED if number == numbers[0] else EventKind.UPDATED
    return Captured(event=event, captured_at=now, app=WHATSAPP, notification=shown)


def _sent_at_ms(number: int) -> int:
    """Return when the message of this number was sent: the same each time it is shown again."""
    return _FIRST_MESSAGE_AT_MS + number * 1000


def _to_ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


_FIRST_MESSAGE_AT_MS: Final = 1_794_307_200_000
