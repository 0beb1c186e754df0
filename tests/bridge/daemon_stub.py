"""A daemon in small: stores what arrives by seq, and publishes real receipts for it over a real broker."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from veilleur_bridge.mqtt.connection import Connection
from veilleur_bridge.mqtt.events import Event, Ready, Received
from veilleur_bridge.mqtt.link import MqttLink
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.topics import DeviceChannel, device_topic
from veilleur_bridge.wire.receipt import Receipt, write_receipt
from veilleur_bridge.wire.status import DeviceStatus, read_status


class ReceivingDaemon:
    """Keeps every payload by (epoch, seq) and answers each turn with a receipt, unless `is_silent`."""

    def __init__(self, options: MqttOptions, device: str, *, store: str = "s1") -> None:
        self.payloads: dict[tuple[str, int], bytes] = {}
        self.received = 0
        self.statuses: list[DeviceStatus] = []
        self.store, self.round = store, 1
        self.is_silent = False
        self.unreadable: set[int] = set()
        self._refused: list[str] = []
        self._through: dict[str, int] = {}
        self._to_publish: deque[tuple[str, bytes]] = deque()
        self._topics = {channel: device_topic(device, channel) for channel in DeviceChannel}
        wanted = (self._topics[DeviceChannel.NOTIFICATIONS], self._topics[DeviceChannel.STATUS])
        self._link = MqttLink(
            replace(options, subscriptions=wanted, session_kept=timedelta(hours=1)),
            self,
            clock=lambda: datetime.now(UTC),
        )

    @property
    def is_up(self) -> bool:
        return self._link.state().is_up

    def publish(self, channel: DeviceChannel, payload: bytes) -> None:
        """Publish a retained message to the device."""
        self._to_publish.append((self._topics[channel], payload))
        self._link.wake()

    def publish_receipt(self, epoch: str) -> None:
        self.publish(DeviceChannel.RECEIPT, write_receipt(self.receipt_for(epoch)))

    def receipt_for(self, epoch: str) -> Receipt:
        through = self._through.get(epoch, 0)
        while (epoch, through) not in self.payloads and through > 0:
            through -= 1
        while (epoch, through + 1) in self.payloads:
            through += 1
        self._through[epoch] = through
        return Receipt(self.store, self.round, epoch, through, tuple(self._refused))

    def envelopes(self) -> list[dict[str, Any]]:
        return [json.loads(self.payloads[key]) for key in sorted(self.payloads)]

    def close(self) -> None:
        self._link.close()

    def take_events(self, connection: Connection, events: Sequence[Event]) -> None:
        epochs = set[str]()
        for event in events:
            if isinstance(event, Received):
                connection.acknowledge(event.message_id)
                epochs |= self._take(event)
        if not self.is_silent:
            self._to_publish.extend(
                (self._topics[DeviceChannel.RECEIPT], write_receipt(self.receipt_for(epoch))) for epoch in epochs
            )
        while self._to_publish and (self.is_up or any(isinstance(event, Ready) for event in events)):
            topic, payload = self._to_publish.popleft()
            connection.publish(topic, payload, is_retained=True)

    def connection_over(self) -> None:
        pass

    def _take(self, message: Received) -> set[str]:
        if message.topic == self._topics[DeviceChannel.STATUS]:
            status = read_status(message.payload)
            assert status is not None, message.payload
            self.statuses.append(status)
            return set()
        self.received += 1
        head = json.loads(message.payload)
        first, last = head["seq"], head.get("through_seq", head["seq"])
        if first in self.unreadable and head["event"] != "lost":
            self._refused.append(sha256(message.payload).hexdigest())
        else:
            for seq in range(first, last + 1):
                self.payloads.setdefault((head["epoch"], seq), message.payload)
        return {head["epoch"]}
