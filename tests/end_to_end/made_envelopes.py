"""Envelopes of an invented device: comments, and a chat whose notification shows its last three messages again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

DEVICE = "salle-9"
EPOCH = "first-spool"
TOPIC = f"veilleur/1/devices/{DEVICE}/notifications"
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
_SHOWN = 3

Json = dict[str, Any]


def encoded(envelope: Json) -> bytes:
    """Return the bytes of one message, or of one line of a log."""
    return json.dumps(envelope, ensure_ascii=False).encode()


def envelope(seq: int, package: str, notification: Json, *, epoch: str = EPOCH) -> Json:
    """Return an envelope as a companion would write it."""
    return {
        "v": 1,
        "id": f"{epoch}-{seq}",
        "device": DEVICE,
        "epoch": epoch,
        "seq": seq,
        "event": "posted",
        "captured_at": (NOON + timedelta(seconds=seq)).isoformat(timespec="milliseconds"),
        "source": {"kind": "companion"},
        "app": {"package": package},
        "locale": "fr-FR",
        "notification": notification,
    }


def comment(seq: int, *, epoch: str = EPOCH) -> Json:
    """Return a comment that no other seq makes: one new mention."""
    key = f"0|com.zhiliaoapp.musically|{seq}|null|10210"
    shown = {"channel": "comment_push", "title": "TikTok", "text": f"Ondine a commenté : assiette numéro {seq}"}
    return envelope(seq, "com.zhiliaoapp.musically", {"key": key, "posted_at_ms": _at_ms(seq), **shown}, epoch=epoch)


def chat(seq: int) -> Json:
    """Return a chat's notification after one more message: one new mention, and up to two that were told before."""
    first = max(2, seq - 2 * (_SHOWN - 1))
    messages = [
        {"at_ms": _at_ms(number), "sender": "Maëlle", "text": f"table numéro {number}"}
        for number in range(first, seq + 1, 2)
    ]
    return envelope(
        seq,
        "com.whatsapp.w4b",
        {
            "key": "0|com.whatsapp.w4b|1|chat|10290",
            "tag": "chat",
            "channel": "individual_chat_defaults_1",
            "category": "msg",
            "shortcut_id": "33639980111@s.whatsapp.net",
            "template": "android.app.Notification$MessagingStyle",
            "title": "Maëlle",
            "text": messages[-1]["text"],
            "self_name": "Vous",
            "is_group_conversation": False,
            "messages": messages,
            "posted_at_ms": _at_ms(seq),
            "when_ms": _at_ms(seq),
        },
    )


def canary(seq: int, *, epoch: str) -> Json:
    """Return a notification that is stored and told nobody."""
    shown = {"key": f"canary-{seq}", "channel": "canary", "title": "Veilleur", "text": f"Témoin {seq}"}
    return envelope(seq, "veilleur.companion", {"posted_at_ms": _at_ms(seq), **shown}, epoch=epoch)


def busy_day(count: int) -> Sequence[bytes]:
    """Return so many messages with seqs from 1 on, comments and a chat in turn; each holds exactly one new mention."""
    return [encoded(comment(seq) if seq % 2 else chat(seq)) for seq in range(1, count + 1)]


def _at_ms(seq: int) -> int:
    return int((NOON + timedelta(seconds=seq)).timestamp() * 1_000)
