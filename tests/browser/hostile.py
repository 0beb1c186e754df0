"""A log in which every field that people write holds something that a page must only show (trial 56)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.architecture.source_file import PROJECT

HOSTILE_TEXTS = (
    "<script>alert('body')</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(2)><style>*{display:none}</style>',
    "{{ 7*7 }} ${7*7} {% raw %} #{7*7}",
    "javascript:alert(3)//' onmouseover='alert(4)",
    "\u202egnp.evil\u202c مرحبا بالعالم \u2066x",
    "👩‍👩‍👧‍👦" * 12 + "W" * 300,
)


def write_hostile_log(path: Path) -> Path:
    """Write a log with a comment and a group's message for each hostile text: as words, as name and as title."""
    comment = json.loads((PROJECT / "samples" / "one-comment.jsonl").read_text(encoding="utf-8"))
    lines = []
    for number, text in enumerate(HOSTILE_TEXTS, start=1):
        made = json.loads(json.dumps(comment))
        made |= {"id": f"hostile-{number}", "epoch": "f00d", "seq": number}
        notification = made["notification"]
        notification["key"] = f"0|com.zhiliaoapp.musically|{900 + number}|null|10100"
        notification["text"] = f"{text[:60]} a commenté : {text}"
        lines.append(json.dumps(made, ensure_ascii=False))
        lines.append(json.dumps(_message(text, number), ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _message(text: str, number: int) -> dict[str, Any]:
    """Return a group's message: hostile are sender, title and words."""
    title, sender, at_ms = text[:80], text[:60], 1_794_823_200_000 + number
    notification = {
        "key": f"0|com.whatsapp|{number}|hostile|10148",
        "id": number,
        "tag": f"hostile-{number}",
        "is_group_summary": False,
        "channel": "group_chat_defaults_2",
        "category": "msg",
        "when_ms": at_ms,
        "shortcut_id": f"12036340000009990{number}@g.us",
        "title": f"{title}: {sender}",
        "text": text,
        "conversation_title": title,
        "is_group_conversation": True,
        "self_name": "Vous",
        "messages": [{"at_ms": at_ms, "sender": sender, "text": text}],
        "template": "android.app.Notification$MessagingStyle",
        "posted_at_ms": at_ms,
    }
    return {
        "v": 1,
        "id": f"hostile-message-{number}",
        "device": "salle-1",
        "epoch": "f00e",
        "seq": number,
        "event": "posted",
        "captured_at": "2026-11-16T10:00:00.120Z",
        "source": {"kind": "companion", "version": "0.1.0"},
        "app": {"package": "com.whatsapp", "label": "WhatsApp", "version": "2.26.43.71"},
        "locale": "fr-FR",
        "user": 0,
        "notification": notification,
    }
