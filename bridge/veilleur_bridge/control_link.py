"""The daemon's side of receipts, configs and statuses: publishes the newest of each topic, hands over what it hears."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import structlog

from veilleur_bridge.broker_canary import is_broker_canary
from veilleur_bridge.delivery import Clock
from veilleur_bridge.mqtt.connection import Connection
from veilleur_bridge.mqtt.events import Answered, Event, Ready, Received
from veilleur_bridge.mqtt.link import LinkState, MqttLink
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.topics import READ_BY_DEVICE, DeviceChannel, DeviceTopic, device_filter, parse_topic

HEARD_CHANNELS: Final = (DeviceChannel.STATUS, DeviceChannel.RECEIPT)

Heard = Callable[[DeviceTopic, bytes, bool], None]
"""Given topic, payload, and whether the broker had kept it (retained) since before we asked."""

log = structlog.get_logger()


class ControlLink:
    """Publishes receipts and configs, retained and QoS 1, over one lasting link, and hears statuses and receipts.

    Of each topic only the newest payload is published, and again after each reconnect: a broker without persistence
    has forgotten it. An empty payload takes the retained one away. `heard` is called on the link's thread and must
    only enqueue. Receipts are heard too, our own among them: they tell of a second daemon, and of a database that
    went back.
    """

    def __init__(self, options: MqttOptions, *, clock: Clock, heard: Heard) -> None:
        self._heard = heard
        self._window = options.window
        self._in_flight_limit = 0
        self._changing = threading.Lock()
        self._newest: dict[DeviceTopic, bytes] = {}
        self._due: dict[DeviceTopic, None] = {}
        self._unanswered: dict[int, DeviceTopic] = {}
        subscriptions = tuple(device_filter(channel) for channel in HEARD_CHANNELS)
        own = replace(options, subscriptions=subscriptions, session_kept=timedelta(0))
        self._link = MqttLink(own, self, clock=clock)

    def publish(self, topic: DeviceTopic, payload: bytes) -> None:
        """Let this be the topic's retained message, as soon as the broker takes it."""
        if topic.channel not in READ_BY_DEVICE:
            raise ValueError(f"the daemon does not write {topic}")
        self._link.revive()
        with self._changing:
            self._newest[topic] = payload
            self._due[topic] = None
        self._link.wake()

    def state(self) -> LinkState:
        """Return whether the broker is connected and our subscriptions were granted, and if not why."""
        return self._link.state()

    def close(self) -> None:
        """Send what is queued and disconnect."""
        self._link.close()

    def take_events(self, connection: Connection, events: Sequence[Event]) -> None:
        """Hand over what was heard and send what is due (on the link's thread)."""
        for event in events:
            match event:
                case Ready(receive_maximum=limit):
                    self._begin_anew(limit)
                case Received():
                    self._take_message(connection, event)
                case Answered(message_id=message_id, refusal=refusal):
                    self._settle(message_id, refusal)
        self._send_due(connection)

    def connection_over(self) -> None:
        """Forget the ended connection's message ids; all is published again on the next."""
        self._in_flight_limit = 0
        self._unanswered.clear()

    def _begin_anew(self, receive_maximum: int) -> None:
        self._in_flight_limit = min(receive_maximum, self._window)
        with self._changing:
            self._due = dict.fromkeys(self._newest)

    def _take_message(self, connection: Connection, message: Received) -> None:
        topic = None if message.topic is None else parse_topic(message.topic)
        if topic is not None and topic.channel in HEARD_CHANNELS and not is_broker_canary(message.payload):
            self._heard(topic, message.payload, message.is_retained)
        if message.qos:
            connection.acknowledge(message.message_id)

    def _settle(self, message_id: int, refusal: str | None) -> None:
        topic = self._unanswered.pop(message_id, None)
        if topic is not None and refusal is not None:
            log.warning("broker refused what we publish", topic=str(topic), reason=refusal)

    def _send_due(self, connection: Connection) -> None:
        while self._due and len(self._unanswered) < self._in_flight_limit:
            with self._changing:
                topic = next(iter(self._due))
                del self._due[topic]
                payload = self._newest[topic]
            self._unanswered[connection.publish(str(topic), payload, is_retained=True)] = topic
