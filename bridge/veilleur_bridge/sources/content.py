"""What a notification says, apart from where and how it is shown: the part that tells two postings of one key apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from veilleur_bridge.envelope import Message, Notification

Content = tuple[tuple[object, ...], tuple[object, ...]]


def content_of(shown: Notification) -> Content:
    """Return its words and its thread, ready for JSON."""
    words = (shown.title, shown.text, shown.big_text, shown.sub_text, shown.summary_text, shown.info_text, shown.ticker)
    thread = (shown.conversation_title, shown.text_lines, _said(shown.messages), _said(shown.historic_messages))
    return words, thread


def content_digest(shown: Notification) -> str:
    """Return a digest of its content. Screen it first: a digest gives a six-digit code away."""
    return sha256(json.dumps(content_of(shown)).encode()).hexdigest()[:32]


def _said(messages: Sequence[Message] | None) -> list[tuple[int | None, str | None, str | None, str | None]] | None:
    return (messages and [(message.at_ms, message.sender, message.text, message.mime) for message in messages]) or None
