"""What the control link hears, kept until the control thread has time."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import structlog

from veilleur_bridge.topics import DeviceTopic

MOST_MESSAGES: Final = 10_000
MOST_BYTES: Final = 64 * 1024

log = structlog.get_logger()


class HeardMessage(NamedTuple):
    """One status or receipt as it came; `is_retained` means that the broker had kept it since before we asked."""

    topic: DeviceTopic
    payload: bytes
    is_retained: bool


class HeardMessages:
    """A box of messages, bounded in number and size whatever strangers publish; safe on every thread.

    Of each topic it holds the newest, and the one that the broker had kept beside it: our own answer to that one must
    not take its place unread.
    """

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._newest: dict[tuple[DeviceTopic, bool], HeardMessage] = {}

    def put(self, message: HeardMessage) -> None:
        """Keep a message in the place of an older one."""
        place = (message.topic, message.is_retained)
        with self._changing:
            fits = len(message.payload) <= MOST_BYTES
            if fits and (place in self._newest or len(self._newest) < MOST_MESSAGES):
                self._newest[place] = message
                return
        log.warning("control message left aside", topic=str(message.topic), size=len(message.payload))

    def take(self) -> Sequence[HeardMessage]:
        """Return what is there, what the broker had kept first since it is older, and forget it."""
        with self._changing:
            taken = sorted(self._newest.values(), key=lambda message: not message.is_retained)
            self._newest.clear()
        return taken

    def put_back(self, messages: Iterable[HeardMessage]) -> None:
        """Keep messages that could not be handled, but for those that have a newer one in their place by now."""
        with self._changing:
            for message in messages:
                self._newest.setdefault((message.topic, message.is_retained), message)
