"""The live source: notifications from an MQTT broker, each acknowledged only once it is stored."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from veilleur_bridge.broker_canary import is_broker_canary
from veilleur_bridge.delivery import AckToken, Clock, Delivery
from veilleur_bridge.mqtt.connection import Connection
from veilleur_bridge.mqtt.events import Event, Received
from veilleur_bridge.mqtt.link import LinkState, MqttLink
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.sources.inbox import Inbox
from veilleur_bridge.topics import NAMELESS_DEVICE, DeviceChannel, device_filter, device_of

ORIGIN: Final = "mqtt"
HELD_COUNT: Final = 3_000
HELD_BYTES: Final = 32 * 1024 * 1024


class MqttCount(StrEnum):
    """What a source counts from its construction on."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    STALE_ACK = "stale_ack"  # came too late for its connection and was dropped
    CANARY = "canary"  # proof for whoever asks whether the broker carries our topics
    REDELIVERED = "redelivered"  # came again while still in hand
    HELD_BACK = "held_back"  # how often too much was in hand to read on


class MqttSource:
    """A `Source` over every device's notifications, connecting from construction on and again whenever it must.

    Never raises for a broker that is away or refuses: `state()` says so. What was taken and not acknowledged when the
    connection ends comes again, so the same bytes may be taken twice. Memory is bounded by `held`, not by the window
    alone: with so many messages in hand, or 32 MiB of them, it reads nothing more until some are acknowledged.
    """

    def __init__(self, options: MqttOptions, *, clock: Clock, held: int = HELD_COUNT) -> None:
        self._clock = clock
        self._inbox = Inbox()
        self._tokens: deque[AckToken] = deque()
        self._held = held
        self._in_hand: dict[int, int] = {}
        self._in_hand_bytes = 0
        self._is_full = False
        self._counts: Counter[MqttCount] = Counter()
        subscriptions = (device_filter(DeviceChannel.NOTIFICATIONS),)
        self._link = MqttLink(replace(options, subscriptions=subscriptions), self, clock=clock)

    def take(self, limit: int, wait_seconds: float) -> Sequence[Delivery]:
        """Return what arrived, at most `limit`, after waiting at most so long for the first."""
        self._link.revive()
        return self._inbox.take(limit, wait_seconds)

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """Acknowledge stored deliveries, in any order; those of an earlier connection are dropped and counted."""
        self._tokens.extend(delivery.ack for delivery in deliveries if delivery.ack is not None)
        self._link.wake()

    def close(self) -> None:
        """Send the acks handed in so far and disconnect; the broker keeps the session."""
        self._link.close()

    def state(self) -> LinkState:
        """Return whether the broker is connected and our subscriptions were granted, and if not why."""
        return self._link.state()

    def counts(self) -> Mapping[MqttCount, int]:
        """Return what was seen so far; what never happened counts 0."""
        return Counter(self._counts)

    def take_events(self, connection: Connection, events: Sequence[Event]) -> None:
        """Queue what came and send the acks that are due (on the link's thread)."""
        messages = [event for event in events if isinstance(event, Received)]
        if messages:
            self._counts[MqttCount.RECEIVED] += len(messages)
            now = self._clock()
            if came := [one for message in messages if (one := self._receive(connection, message, now)) is not None]:
                self._inbox.put(came)
        if connection.is_ready:
            # Before, the broker's answer to our subscription may stand behind what it sends.
            self._send_acks(connection)
            self._hold_back(connection)

    def connection_over(self) -> None:
        """Forget the ended connection's message ids: the broker gives them out anew."""
        self._in_hand.clear()
        self._in_hand_bytes = 0

    def _receive(self, connection: Connection, message: Received, now: datetime) -> Delivery | None:
        if message.message_id in self._in_hand:
            # a broker cannot use a message id again before our PUBACK (MQTT 5 §2.2.1): this is the same message
            self._counts[MqttCount.REDELIVERED] += 1
            return None
        if is_broker_canary(message.payload):
            self._counts[MqttCount.CANARY] += 1
            if message.qos:
                connection.acknowledge(message.message_id)
            return None
        token = AckToken(connection.generation, message.message_id, message.qos) if message.qos else None
        if token is not None:
            self._in_hand[message.message_id] = len(message.payload)
            self._in_hand_bytes += len(message.payload)
        return Delivery(message.payload, now, ORIGIN, _device_named_by(message.topic), token)

    def _send_acks(self, connection: Connection) -> None:
        count = 0
        while self._tokens:
            token = self._tokens.popleft()
            if token.generation != connection.generation or token.message_id not in self._in_hand:
                self._counts[MqttCount.STALE_ACK] += 1
                continue
            self._in_hand_bytes -= self._in_hand.pop(token.message_id)
            connection.acknowledge(token.message_id)
            count += 1
        self._counts[MqttCount.ACKNOWLEDGED] += count

    def _hold_back(self, connection: Connection) -> None:
        # What came with QoS 0 is in nobody's hand, and only the inbox counts it.
        count = max(len(self._in_hand), len(self._inbox))
        is_full = count >= self._held or self._in_hand_bytes >= HELD_BYTES
        self._counts[MqttCount.HELD_BACK] += is_full and not self._is_full
        self._is_full = is_full
        connection.hold_back(is_full=is_full)


def _device_named_by(topic: str | None) -> str:
    # never None: that would read as a line of a log, whose device nobody checks
    return (device_of(topic) if topic else None) or NAMELESS_DEVICE
