"""What decides how an app words a notification: its version, the device's language, the channel."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from veilleur.model.arrival import WordingSource
from veilleur_bridge.envelope import Envelope

_REMEMBERED_SOURCES: Final = 1_024
_LONGEST: Final = 64
# Of TikTok's accounts and WhatsApp's chats each has a channel of its own: `digg_push_associated_2`.
_NUMBERED: Final = re.compile(r"(?:_associated)?_[0-9]+\Z")


def wording_source(envelope: Envelope) -> WordingSource:
    """Return where the words of an envelope come from."""
    notification = envelope.notification
    channel = notification.channel if notification else None
    return _source(envelope.app.version, envelope.locale, channel)


@lru_cache(_REMEMBERED_SOURCES)
def _source(version: str | None, locale: str | None, channel: str | None) -> WordingSource:
    language = locale.replace("_", "-").partition("-")[0].lower() if locale else None
    return WordingSource(_cut(version), _cut(language), _cut(_NUMBERED.sub("", channel) if channel else None))


def _cut(text: str | None) -> str | None:
    """Return at most 64 characters, none that no database takes."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:_LONGEST] or None if text else None
