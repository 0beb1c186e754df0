"""What a tablet is made to show: lines of a log in our own format, each a notification with words of its own."""

from __future__ import annotations

from typing import Any

TIKTOK, WHATSAPP = "com.zhiliaoapp.musically", "com.whatsapp.w4b"
_POSTED_AT_MS = 1_795_300_000_000

Json = dict[str, Any]


def comment(number: int, words: str) -> Json:
    """Return a TikTok comment."""
    return _line(number, TIKTOK, channel="comment_push", title="TikTok", text=f"Ondine commented: {words}")


def comments(count: int, *, first: int = 1) -> list[Json]:
    """Return so many comments; the words of the n-th are `plate number n`."""
    return [comment(number, f"plate number {number}") for number in range(first, first + count)]


def message(number: int, chat: str, words: str) -> Json:
    """Return a WhatsApp Business message of one person."""
    at_ms = _POSTED_AT_MS + number * 1_000
    said = [{"at_ms": at_ms, "sender": chat, "text": words}]
    return _line(
        number, WHATSAPP, channel="individual_chat_defaults_1", category="msg", title=chat, text=words, messages=said
    )


def bodies(count: int, *, first: int = 1) -> list[str]:
    """Return the words of so many comments, sorted."""
    return sorted(f"plate number {number}" for number in range(first, first + count))


def _line(number: int, package: str, **shown: Any) -> Json:
    at_ms = _POSTED_AT_MS + number * 1_000
    return {
        "v": 1,
        "id": f"shown-{number}",
        "device": "recorded",
        "epoch": "recorded",
        "seq": number,
        "event": "posted",
        "captured_at": "2026-11-22T09:00:00.000Z",
        "source": {"kind": "companion", "version": "1.0.0"},
        "app": {"package": package},
        "locale": "fr-FR",
        "user": 0,
        "notification": {
            "key": f"0|{package}|{number}|null|10001",
            "id": number,
            "posted_at_ms": at_ms,
            "when_ms": at_ms,
            **shown,
        },
    }
