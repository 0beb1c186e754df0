"""Cuts an envelope that is too large, in the contract's order: no notification is refused for its size (DESIGN §3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from veilleur_bridge.encoding import encode
from veilleur_bridge.envelope import MAX_ENVELOPE_BYTES, Envelope, Notification

LONG_TEXTS: Final = ("big_text", "text_lines", "text")
OTHER_WORDS: Final = (
    "ticker",
    "summary_text",
    "sub_text",
    "info_text",
    "title",
    "conversation_title",
    "actions",
    "people",
)
NAMING_BYTES: Final = 48  # what naming the cut in `truncated` takes itself

Shortening = tuple[Notification, str]
Cut = Callable[[Notification, int], Shortening | None]


def encode_within(envelope: Envelope, most_bytes: int = MAX_ENVELOPE_BYTES) -> bytes | None:
    """Return the envelope's bytes, cut where they are too many and naming in `truncated` what was cut.

    None where even the cut ones are too many: then its ids alone are absurd.
    """
    payload = encode(envelope)
    for cut in _CUTS:
        while (excess_bytes := len(payload) - most_bytes) > 0:
            shown = envelope.notification
            shortened = None if shown is None else cut(shown, excess_bytes + NAMING_BYTES)
            if shortened is None:
                break
            envelope = _with(envelope, *shortened)
            payload = encode(envelope)
    return payload if len(payload) <= most_bytes else None


def _with(envelope: Envelope, notification: Notification, name: str) -> Envelope:
    named = dict.fromkeys((*(envelope.truncated or ()), name))
    return replace(envelope, notification=notification, truncated=tuple(named))


def _without(name: str) -> Cut:
    def cut(shown: Notification, _excess_bytes: int) -> Shortening | None:
        changes: dict[str, Any] = {name: None}
        return None if getattr(shown, name) is None else (replace(shown, **changes), f"notification.{name}")

    return cut


def _without_oldest_messages(shown: Notification, excess_bytes: int) -> Shortening | None:
    messages = shown.messages or ()
    dropped = 0
    while dropped < len(messages) - 1 and excess_bytes > 0:
        excess_bytes -= len((messages[dropped].text or "").encode("utf-8", "replace"))
        dropped += 1
    return (replace(shown, messages=messages[dropped:]), "notification.messages") if dropped else None


def _shorten_message(shown: Notification, excess_bytes: int) -> Shortening | None:
    messages = shown.messages or ()
    if not messages or not messages[-1].text:
        return None
    shorter = replace(messages[-1], text=_shortened_text(messages[-1].text, excess_bytes))
    return replace(shown, messages=(*messages[:-1], shorter)), "notification.messages"


def _longest_of(names: Sequence[str]) -> Cut:
    def cut(shown: Notification, excess_bytes: int) -> Shortening | None:
        name = max(names, key=lambda each: _length(getattr(shown, each)))
        value = getattr(shown, name)
        if not value:
            return None
        changes: dict[str, Any] = {name: _shortened(value, excess_bytes) or None}
        return replace(shown, **changes), f"notification.{name}"

    return cut


def _length(value: str | Sequence[str] | None) -> int:
    texts = (value,) if isinstance(value, str) else value or ()
    return sum(len(text.encode("utf-8", "replace")) for text in texts)


def _shortened(value: str | tuple[str, ...], excess_bytes: int) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return _shortened_text(value, excess_bytes)
    at = max(range(len(value)), key=lambda index: len(value[index]))
    rest = _shortened_text(value[at], excess_bytes)
    return (*value[:at], *((rest,) if rest else ()), *value[at + 1 :])


def _shortened_text(text: str, excess_bytes: int) -> str:
    return text.encode("utf-8", "replace")[:-excess_bytes].decode("utf-8", "ignore")


_CUTS: Final[tuple[Cut, ...]] = (
    _without("picture"),
    _without("historic_messages"),
    _without("extras"),
    _without_oldest_messages,
    _longest_of(LONG_TEXTS),
    _shorten_message,
    _longest_of(OTHER_WORDS),
    _without("messages"),
)
