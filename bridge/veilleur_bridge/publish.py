"""Sends messages to a broker, QoS 1, and remembers each until the broker has answered for it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from veilleur_bridge.delivery import Clock
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt.connection import Connection
from veilleur_bridge.mqtt.events import Answered, Event, Ready
from veilleur_bridge.mqtt.link import LinkState, MqttLink
from veilleur_bridge.mqtt.options import MqttOptions

REFUSALS_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message that the broker answered with a failure code; `number` is what `publish` returned."""

    number: int
    topic: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Outgoing:
    number: int
    topic: str
    payload: bytes
    is_retained: bool


class Publisher:
    """Publishes in order over one lasting link; what was unanswered when a connection ended is sent again.

    A PUBACK means that the broker took the message, not that anybody stored it (MQTT 3.1.1 cannot even say
    "refused": only under MQTT 5 do refusals show).
    """

    def __init__(self, options: MqttOptions, *, clock: Clock) -> None:
        self._window = options.window
        self._in_flight_limit = 0
        self._changed = threading.Condition()
        self._waiting: deque[_Outgoing] = deque()
        self._sent: dict[int, _Outgoing] = {}
        self._refusals: deque[Refusal] = deque(maxlen=REFUSALS_KEPT)
        self._published = 0
        # it remembers by itself: a session kept at the broker would only be left behind
        self._link = MqttLink(replace(options, session_kept=timedelta(0)), self, clock=clock)

    def publish(self, topic: str, payload: bytes, *, is_retained: bool = False, timeout_seconds: float = 30.0) -> int:
        """Queue one message and return its number, counting from 1.

        Blocks while `window` messages are unanswered; raises BrokerError when that lasts longer than the timeout.
        """
        if not topic or any(mark in topic for mark in "+#\0"):
            raise BrokerError(f"nothing can be published to the topic {topic!r}: it is empty or holds a wildcard")
        self._link.revive()
        with self._changed:
            if not self._changed.wait_for(lambda: self._unanswered() < self._window, timeout_seconds):
                raise BrokerError(self._complaint(timeout_seconds))
            self._published += 1
            number = self._published
            self._waiting.append(_Outgoing(number, topic, payload, is_retained))
        self._link.wake()
        return number

    def flush(self, timeout_seconds: float) -> Sequence[Refusal]:
        """Wait until the broker answered for everything; return the refusals since the last flush (the newest 1,000).

        Raises BrokerError where answers are still missing after the timeout.
        """
        deadline = time.monotonic() + timeout_seconds
        with self._changed:
            while self._unanswered():
                if not self._changed.wait(max(0.0, min(1.0, deadline - time.monotonic()))):
                    self._link.revive()
                if self._unanswered() and time.monotonic() >= deadline:
                    raise BrokerError(self._complaint(timeout_seconds))
            refusals = tuple(self._refusals)
            self._refusals.clear()
            return refusals

    def state(self) -> LinkState:
        """Return whether the broker is connected, and if not why."""
        return self._link.state()

    def close(self) -> None:
        """Disconnect; what is unanswered is forgotten, so flush first."""
        self._link.close()

    def take_events(self, connection: Connection, events: Sequence[Event]) -> None:
        """Settle the answers that came and send what the broker will take (on the link's thread)."""
        with self._changed:
            for event in events:
                if isinstance(event, Ready):
                    self._in_flight_limit = min(event.receive_maximum, self._window)
                elif isinstance(event, Answered):
                    self._settle(event)
            while self._waiting and len(self._sent) < self._in_flight_limit:
                outgoing = self._waiting[0]
                message_id = connection.publish(outgoing.topic, outgoing.payload, is_retained=outgoing.is_retained)
                self._sent[message_id] = self._waiting.popleft()
            self._changed.notify_all()

    def connection_over(self) -> None:
        """Queue what was unanswered again, in its old order and before everything else."""
        with self._changed:
            self._in_flight_limit = 0
            self._waiting.extendleft(reversed(self._sent.values()))
            self._sent.clear()

    def _settle(self, answer: Answered) -> None:
        outgoing = self._sent.pop(answer.message_id, None)
        if outgoing is not None and answer.refusal is not None:
            self._refusals.append(Refusal(outgoing.number, outgoing.topic, answer.refusal))

    def _unanswered(self) -> int:
        return len(self._waiting) + len(self._sent)

    def _complaint(self, timeout_seconds: float) -> str:
        cause = self._link.state().last_error or "it answers too slowly"
        return f"{self._unanswered()} messages were not taken by the broker within {timeout_seconds:g} s: {cause}"
