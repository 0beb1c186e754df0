"""What the control link hears, kept until the control thread has time: of each topic the newest."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import structlog

from veilleur_bridge.topics import DeviceTopic

MOST_TOPICS: Final = 10_000
MOST_BYTES: Final = 64 * 1024

log = structlog.get_logger()


class HeardMessage(NamedTuple):
    """One status or receipt as it came; `is_retained` means that the broker had kept it since before we asked."""

    topic: DeviceTopic
    payload: bytes
    is_retained: bool


class HeardMessages:
    """A box of messages, one a topic, bounded in number and size whatever strangers publish; safe on every thread."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._newest: dict[DeviceTopic, HeardMessage] = {}

    def put(self, message: HeardMessage) -> None:
        """Keep a message in the place of an older one of its topic."""
        with self._changing:
            fits = len(message.payload) <= MOST_BYTES
            if fits and (message.topic in self._newest or len(self._newest) < MOST_TOPICS):
                self._newest[message.topic] = message
                return
        log.warning("control message left aside", topic=str(message.topic), size=len(message.payload))

    def take(self) -> Sequence[HeardMessage]:
        """Return what is there and forget it."""
        with self._changing:
            taken = list(self._newest.values())
            self._newest.clear()
        return taken

    def put_back(self, messages: Iterable[HeardMessage]) -> None:
        """Keep messages that could not be handled, but for those whose topic has a newer one by now."""
        with self._changing:
            for message in messages:
                self._newest.setdefault(message.topic, message)
