"""The live source: notifications from an MQTT broker, each acknowledged only once it is stored."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final

from veilleur_bridge.delivery import AckToken, Clock, Delivery
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt.connection import Connection
from veilleur_bridge.mqtt.events import Event, Received
from veilleur_bridge.mqtt.link import LinkState, MqttLink
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.sources.inbox import Inbox
from veilleur_bridge.topics import NAMELESS_DEVICE, DeviceChannel, device_filter, device_of

ORIGIN: Final = "mqtt"


class MqttCount(StrEnum):
    """What a source counts from its construction on."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    STALE_ACK = "stale_ack"  # came too late for its connection and was dropped
    REDELIVERED = "redelivered"  # came again while still in hand
    PUT_BACK = "put_back"  # found no room and stays with the broker


class MqttSource:
    """A `Source` over every device's notifications, connecting from construction on and again whenever it must.

    Never raises for a broker that is away or refuses: `state()` says so. What was taken and not acknowledged when the
    connection ends comes again, so the same bytes may be taken twice. Memory is bounded by the inbox, not by the
    window alone: mosquitto 2.0.11 sends up to its own `max_inflight_messages` whatever window we asked for.
    """

    def __init__(self, options: MqttOptions, *, clock: Clock, inbox: Inbox | None = None) -> None:
        self._clock = clock
        self._inbox = Inbox() if inbox is None else inbox
        self._tokens: deque[AckToken] = deque()
        self._in_hand: set[int] = set()
        self._has_put_back = False
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
        for event in events:
            if isinstance(event, Received):
                self._receive(connection, event)
        self._send_acks(connection)
        if self._has_put_back and not self._in_hand and self._inbox.is_empty():
            raise BrokerError("asking the broker again for what found no room")

    def connection_over(self) -> None:
        """Forget the ended connection's message ids: the broker gives them out anew."""
        self._in_hand.clear()
        self._has_put_back = False

    def _receive(self, connection: Connection, message: Received) -> None:
        self._counts[MqttCount.RECEIVED] += 1
        if message.message_id in self._in_hand:
            # a broker cannot use a message id again before our PUBACK (MQTT 5 §2.2.1): this is the same message
            self._counts[MqttCount.REDELIVERED] += 1
            return
        token = AckToken(connection.generation, message.message_id, message.qos) if message.qos else None
        delivery = Delivery(message.payload, self._clock(), ORIGIN, _device_named_by(message.topic), token)
        if not self._inbox.offer(delivery):
            self._counts[MqttCount.PUT_BACK] += 1
            self._has_put_back = True
        elif token is not None:
            self._in_hand.add(message.message_id)

    def _send_acks(self, connection: Connection) -> None:
        while self._tokens:
            token = self._tokens.popleft()
            if token.generation != connection.generation or token.message_id not in self._in_hand:
                self._counts[MqttCount.STALE_ACK] += 1
                continue
            self._in_hand.discard(token.message_id)
            connection.acknowledge(token.message_id)
            self._counts[MqttCount.ACKNOWLEDGED] += 1


def _device_named_by(topic: str | None) -> str:
    # never None: that would read as a line of a log, whose device nobody checks
    return (device_of(topic) if topic else None) or NAMELESS_DEVICE
