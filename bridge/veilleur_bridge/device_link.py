"""A device's connection: drains the spool, hears receipts and configs, and says how the device is."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Final, Protocol

import structlog

from veilleur_bridge.broker_canary import is_broker_canary
from veilleur_bridge.delivery import Clock
from veilleur_bridge.drainer import Drainer, Due, Pace, Puback
from veilleur_bridge.envelope import LostReason
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.lost import Sender, lost_payload
from veilleur_bridge.mqtt.connection import Connection
from veilleur_bridge.mqtt.events import Answered, Event, Ready, Received
from veilleur_bridge.mqtt.link import LinkState, MqttLink
from veilleur_bridge.mqtt.options import MqttOptions, Will
from veilleur_bridge.spool.contents import LostSpan, SpoolItem
from veilleur_bridge.spool.spool import Spool
from veilleur_bridge.topics import DeviceChannel, device_topic
from veilleur_bridge.wire.receipt import Receipt, read_receipt
from veilleur_bridge.wire.status import DeviceStatus, will_of, write_status

# the first repetition did not help either
OVERDUE_SILENCES: Final = 1.2
REASONS_THAT_BLAME_NO_MESSAGE: Final = {"Not authorized", "Quota exceeded", "Server busy", "Banned"}

log = structlog.get_logger()


class DeviceHost(Protocol):
    """The device behind the link; called on the link's thread."""

    @property
    def sender(self) -> Sender: ...

    def status(self) -> DeviceStatus: ...

    def take_config(self, payload: bytes) -> None: ...

    def status_interval_s(self) -> float: ...


class DeviceLink:
    """Sends one spool to one broker, from construction to `close`, for a device whose name stands in its topics."""

    def __init__(self, options: MqttOptions, spool: Spool, host: DeviceHost, *, pace: Pace, clock: Clock) -> None:
        self._spool, self._host, self._sender, self._clock = spool, host, host.sender, clock
        self._topics = {channel: device_topic(host.sender.device, channel) for channel in DeviceChannel}
        self._window = options.window
        self._room = 0
        self._is_proven = False
        self._in_flight: dict[int, int] = {}
        self._drainer = Drainer(spool.epoch, spool.state().receipt, pace)
        self._is_closing = False
        self._is_ready = False
        self._next_status_s = 0.0
        self._answered_s = 0.0
        self._answer_within_s = pace.answer_within_s
        self._overdue_s = OVERDUE_SILENCES * pace.first_silence_s
        self._told_unheard = False
        subscriptions = (self._topics[DeviceChannel.RECEIPT], self._topics[DeviceChannel.CONFIG])
        will = Will(self._topics[DeviceChannel.STATUS], will_of(spool.epoch))
        # the spool remembers: a session kept at the broker would only be left behind
        asked = replace(options, subscriptions=subscriptions, session_kept=timedelta(0), will=will)
        self._link = MqttLink(asked, self, clock=clock)

    def wake(self) -> None:
        """Send soon what was just spooled, from any thread."""
        self._link.revive()
        self._link.wake()

    def say_status(self) -> None:
        """Send a status soon: something that it says has changed."""
        self._next_status_s = 0.0
        self._link.wake()

    def state(self) -> LinkState:
        """Return how the connection is."""
        return self._link.state()

    def silent_s(self) -> float | None:
        """Return for how long nothing of what was sent has been receipted; None while nothing waits."""
        return self._drainer.silent_s(time.monotonic())

    def is_unheard(self) -> bool:
        """Tell whether the receipt of what was sent is overdue."""
        silent_s = self.silent_s()
        return silent_s is not None and silent_s >= self._overdue_s

    def is_forbidden(self) -> bool:
        """Tell whether the broker takes nothing from this device."""
        return self._drainer.is_forbidden

    def is_misled(self) -> bool:
        """Tell whether the last receipt covers seqs that no spool gives out: somebody else may have written it."""
        return self._drainer.is_misled

    def close(self) -> None:
        """Say that the device leaves, and disconnect; the spool keeps what is unreceipted."""
        self._is_closing = True
        self._link.close()

    def take_events(self, connection: Connection, events: Sequence[Event]) -> None:
        """Handle what came, then send what is due (on the link's thread)."""
        now_s = time.monotonic()
        for event in events:
            match event:
                case Ready(receive_maximum=most):
                    self._is_ready = True
                    self._room = min(most, self._window)
                    self._next_status_s = 0.0
                    self._drainer.connected(now_s)
                case Received():
                    connection.acknowledge(event.message_id)
                    if not is_broker_canary(event.payload):
                        self._hear(event, now_s)
                case Answered():
                    self._settle(event, now_s)
        if self._in_flight and now_s > self._answered_s + self._answer_within_s:
            raise BrokerError("the broker takes messages and no longer answers for them: connecting again")
        if self._told_unheard != self.is_unheard():
            self._told_unheard = not self._told_unheard
            self._next_status_s = 0.0
        if self._is_ready:
            self._send_status(connection, now_s)
            self._drain(connection, now_s)

    def connection_over(self) -> None:
        """Forget the ended connection's message ids."""
        self._is_ready = False
        self._is_proven = False
        self._in_flight.clear()
        self._drainer.disconnected()

    def _hear(self, message: Received, now_s: float) -> None:
        if message.topic == self._topics[DeviceChannel.CONFIG]:
            self._host.take_config(message.payload)
            self._next_status_s = 0.0
        elif message.topic == self._topics[DeviceChannel.RECEIPT]:
            receipt = read_receipt(message.payload)
            if receipt is not None:
                self._take_receipt(receipt, now_s)

    def _take_receipt(self, receipt: Receipt, now_s: float) -> None:
        taken = self._drainer.receipt(receipt, self._spool.next_seq, now_s)
        for seq in taken.refused:
            self._spool.give_up(seq, LostReason.REFUSED)
        if taken.in_force is not None:
            self._spool.trim(taken.in_force)
        if taken.spent_through is not None:
            log.warning("spool is behind its receipt", through_seq=taken.spent_through)
            self._spool.skip_past(taken.spent_through)

    def _settle(self, answer: Answered, now_s: float) -> None:
        self._answered_s = now_s
        seq = self._in_flight.pop(answer.message_id, None)
        if seq is None:
            return
        self._is_proven = self._is_proven or answer.refusal is None
        given_up = self._drainer.puback(seq, _verdict(answer.refusal), now_s)
        if given_up is not None:
            self._spool.give_up(given_up, LostReason.REFUSED)

    def _drain(self, connection: Connection, now_s: float) -> None:
        while not self._is_closing:
            # The first goes alone: a broker that denies it may hang up, and a full line would swallow its answer.
            most = self._room if self._is_proven else 1
            due = self._drainer.due(self._spool.next_seq, most - len(self._in_flight), now_s)
            if due is None:
                return
            self._send(connection, due, now_s)

    def _send(self, connection: Connection, due: Due, now_s: float) -> None:
        for item in self._spool.read(due.from_seq, due.limit)[: due.limit]:
            payload = self._payload_of(item)
            payload_sha256 = sha256(payload).hexdigest()
            if self._drainer.is_refused(payload_sha256):
                self._spool.give_up(item.seq, LostReason.REFUSED)
                payload = self._payload_of(LostSpan(item.seq, item.seq, LostReason.REFUSED))
            if not self._in_flight:
                self._answered_s = now_s
            message_id = connection.publish(self._topics[DeviceChannel.NOTIFICATIONS], payload)
            self._in_flight[message_id] = item.seq
            self._drainer.sent(item.seq, item.through_seq, payload_sha256, now_s)

    def _payload_of(self, item: SpoolItem) -> bytes:
        if not isinstance(item, LostSpan):
            return item.payload
        return lost_payload(item, self._sender, self._spool.epoch, self._clock())

    def _send_status(self, connection: Connection, now_s: float) -> None:
        topic = self._topics[DeviceChannel.STATUS]
        if self._is_closing:
            connection.publish(topic, will_of(self._spool.epoch), is_retained=True)
            self._is_ready = False
        elif now_s >= self._next_status_s:
            self._next_status_s = now_s + self._host.status_interval_s()
            self._spool.tidy()
            connection.publish(topic, write_status(self._host.status()), is_retained=True)


def _verdict(refusal: str | None) -> Puback:
    if refusal is None:
        return Puback.TAKEN
    return Puback.FORBIDDEN if refusal in REASONS_THAT_BLAME_NO_MESSAGE else Puback.REFUSED
