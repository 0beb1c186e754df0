"""Envelopes for tests: one good one, and ways to make it another."""

from __future__ import annotations

import json
from typing import Any


def good_envelope(**members: Any) -> dict[str, Any]:
    """Return a valid envelope as a tree, `v, id, device, epoch, seq` first; members replace or add."""
    return {
        "v": 1,
        "id": "0192f0c1-7b7e-7c1e-8f3a-000000000007",
        "device": "salon-1",
        "epoch": "k3v9x2m7",
        "seq": 1234,
        "event": "posted",
        "captured_at": "2026-11-21T18:04:05.120Z",
        "source": {"kind": "companion", "version": "1.0.0"},
        "app": {"package": "com.zhiliaoapp.musically", "label": "TikTok"},
        "locale": "fr-FR",
        "user": 0,
        "notification": {
            "key": "0|com.zhiliaoapp.musically|4211|comment|10148",
            "channel": "comment_push",
            "posted_at_ms": 1795284245000,
            "title": "Nadia Exemple",
            "text": "a commenté : le service était long #lyon",
            "text_lines": ["Nadia Exemple a commenté"],
            "messages": [{"at_ms": 1795284245000, "sender": "Nadia", "text": "Bonjour"}],
            "extras": {"push_kind": "comment"},
        },
    } | members


def with_words(**words: Any) -> dict[str, Any]:
    """Return a valid envelope whose notification has these members and a key alone."""
    return good_envelope(notification={"key": "k", **words})


def payload_of(tree: object) -> bytes:
    return json.dumps(tree, ensure_ascii=False).encode()
