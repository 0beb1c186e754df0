"""One connection to a broker, from hello to end, turned by one thread.

paho's network loop is driven from outside: no callback of ours can block or kill it, and no other thread writes.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import ssl
import time
from collections import deque
from collections.abc import Sequence
from typing import Final

from paho.mqtt import client as paho
from paho.mqtt.reasoncodes import ReasonCode

from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt.buffered_socket import BufferedSocket
from veilleur_bridge.mqtt.events import Event, Greeted, Note, Ready, Subscribed
from veilleur_bridge.mqtt.incoming import IncomingPackets, Packet
from veilleur_bridge.mqtt.options import MqttOptions, MqttProtocol
from veilleur_bridge.mqtt.paho_client import make_paho_client, open_socket, user_properties
from veilleur_bridge.mqtt.publish_packet import read_publish

QOS_AT_LEAST_ONCE: Final = 1
PUBACK_HEAD: Final = b"\x40\x02"  # success, by its length alone (MQTT 3.1.1 §3.4, MQTT 5 §3.4.2.1)
READS_PER_TURN: Final = 500
BYTES_PER_TURN: Final = 1024 * 1024
QUIET_TOPIC: Final = "veilleur/1/broker/quiet"
LINGER_SECONDS: Final = 2.0
UNSUPPORTED_PROTOCOL: Final = "Unsupported protocol version"
UNEXPLAINED_END: Final = "unspecified error"
WRONG_CREDENTIALS: Final = {"Bad user name or password", "Not authorized"}


class ProtocolRefused(BrokerError):
    """The broker does not speak the MQTT version that we asked for."""


class LoginRefused(BrokerError):
    """The broker does not take this user name and password, or nobody without them."""


class Connection:
    """One paho client over one socket, used by one thread; only `wake` may be called from others."""

    def __init__(self, options: MqttOptions, *, generation: int, protocol: MqttProtocol) -> None:
        self.generation = generation
        self._options = options
        self._protocol = protocol
        self._notes: deque[Note] = deque()
        self._greeting: Ready | None = None
        self._awaited_subscription: int | None = None
        self._is_ready = False
        self._may_hold_more = False
        self._is_held_back = False
        self._watched = 0
        self._next_word_at = 0.0
        self._paho_reads_at = 0.0
        self._paho_acknowledges_at = 0.0
        self._end_reason = "connection closed"
        self._deadline = time.monotonic() + options.handshake_seconds
        self._selector = selectors.DefaultSelector()
        self._wake_in, self._wake_out = socket.socketpair()
        self._wake_in.setblocking(False)
        self._wake_out.setblocking(False)
        self._client = make_paho_client(options, protocol, self._notes)
        self._client.on_disconnect = self._note_end

    @property
    def is_ready(self) -> bool:
        """Whether the broker took us and every subscription."""
        return self._is_ready

    def open(self) -> None:
        """Connect the socket and say hello; `turn` then brings Ready. Raises BrokerError."""
        try:
            open_socket(self._client, self._options, self._protocol)
        except ssl.SSLCertVerificationError as error:
            reason = error.strerror or error
            raise BrokerError(
                f"the broker at {self._options.address} is not trusted, nothing was sent: {reason}"
            ) from error
        except (OSError, ValueError) as error:
            raise BrokerError(f"no broker answers at {self._options.address}: {error}") from error
        own = self._client.socket()
        if own is None:
            raise self._lost()
        self._selector.register(self._wake_in, selectors.EVENT_READ)

    def turn(self, wait_seconds: float) -> list[Event]:
        """Move what can be moved, waiting at most so long. Raises BrokerError when the connection is over."""
        self._wait(wait_seconds)
        self._move()
        events = self._settle_notes()
        if self._client.socket() is None and not events:
            raise self._lost()
        if not self._is_ready and time.monotonic() > self._deadline:
            raise BrokerError(f"something listens at {self._options.address} but does not answer as an MQTT broker")
        return events

    def publish(
        self, topic: str, payload: bytes, marks: Sequence[tuple[str, str]] = (), *, is_retained: bool = False
    ) -> int:
        """Hand one message over and return its message id; `Answered` follows.

        `marks` are its user properties, which MQTT 3.1.1 does not have.
        """
        properties = user_properties(marks) if marks and self._protocol is MqttProtocol.V5 else None
        info = self._client.publish(topic, payload, qos=QOS_AT_LEAST_ONCE, retain=is_retained, properties=properties)
        if info.rc != paho.MQTT_ERR_SUCCESS:
            raise self._lost()
        return info.mid

    def acknowledge(self, message_id: int) -> None:
        """Send the PUBACK of one received message."""
        now, line = time.monotonic(), self._client.line
        if line is not None and now < self._paho_acknowledges_at:
            # What cannot leave now is paho's business, and so is the end of the connection that it may mean.
            try:
                line.send(PUBACK_HEAD + message_id.to_bytes(2, "big"))
            except OSError:
                pass
            else:
                return
        # As with what is read, paho's keepalive counts only what paho itself sends.
        self._paho_acknowledges_at = now + self._options.keepalive_seconds / 3
        self._client.ack(message_id, QOS_AT_LEAST_ONCE)
        self._client.loop_write()

    def hold_back(self, *, is_full: bool) -> None:
        """Read nothing more until told otherwise: what the broker sends then waits in the socket, and at the broker.

        mosquitto 2.0.11 sends its whole queue after the first PUBACK (28,823 messages of a window of 1,000).
        """
        self._is_held_back = is_full

    def wake(self) -> None:
        """End a waiting `turn` early, from any thread."""
        with contextlib.suppress(OSError):
            self._wake_out.send(b"w")

    def close(self) -> None:
        """Send what is queued and a DISCONNECT, and wait until the broker has read it all, where it still listens."""
        own = self._client.socket()
        with contextlib.ExitStack() as leaving:
            for ours in (self._selector, self._wake_in, self._wake_out):
                leaving.callback(ours.close)
            if own is not None:
                leaving.callback(own.close)
                line = leaving.enter_context(socket.socket(fileno=os.dup(own.fileno())))
                self._client.disconnect()
                self._client.loop_write()
                if self._greeting:
                    _linger(line)

    def _wait(self, wait_seconds: float) -> None:
        line = self._client.line
        if line is None or self._client.socket() is None:
            return
        reads = 0 if self._is_held_back else selectors.EVENT_READ
        wants_out = self._client.want_write() or line.has_unsent
        self._watch(line, reads | (selectors.EVENT_WRITE if wants_out else 0))
        is_more_here = reads and (self._may_hold_more or line.holds_decrypted())
        self._selector.select(0 if is_more_here else wait_seconds)
        with contextlib.suppress(BlockingIOError):
            self._wake_in.recv(4096)

    def _watch(self, line: BufferedSocket, events: int) -> None:
        if events == self._watched:
            return
        if self._watched:
            self._selector.unregister(line)
        if events:
            self._selector.register(line, events)
        self._watched = events

    def _move(self) -> None:
        if self._is_held_back:
            self._say_quiet_word()
        else:
            self._read()
        if self._client.want_write():
            self._client.loop_write()
        self._flush()
        if not self._is_held_back:
            self._client.loop_misc()

    def _flush(self) -> None:
        if self._client.line is None or self._client.socket() is None:
            return
        try:
            self._client.line.flush()
        except OSError as error:
            # A broker that refuses a message may hang up at once (mosquitto 2.0.11): its answer still waits to be read.
            self._end_reason = "the connection broke"
            self._read()
            if not self._notes:
                raise self._lost() from error

    def _read(self) -> None:
        line = self._client.line
        self._may_hold_more = True
        read_bytes = 0
        for _ in range(READS_PER_TURN):
            if line is None or self._client.socket() is None or read_bytes > BYTES_PER_TURN:
                return
            packet = line.incoming.next_packet()
            if packet is not None:
                read_bytes += len(packet.body)
                self._take(packet, line.incoming)
            elif not line.fill():
                self._may_hold_more = False
                if line.is_over:
                    self._client.loop_read()
                return

    def _take(self, packet: Packet, incoming: IncomingPackets) -> None:
        message = None if time.monotonic() >= self._paho_reads_at else read_publish(packet, self._protocol)
        if message is not None:
            incoming.skip()
            self._notes.append(message)
            return
        # paho's keepalive counts what paho itself reads: it gets the first message of each third of it.
        self._paho_reads_at = time.monotonic() + self._options.keepalive_seconds / 3
        incoming.release()
        self._client.loop_read()

    def _say_quiet_word(self) -> None:
        # A ping would never be seen answered, behind what is not read; any packet of ours keeps the session
        # (MQTT 3.1.1 §3.1.2.10).
        now = time.monotonic()
        if now >= self._next_word_at:
            self._next_word_at = now + self._options.keepalive_seconds / 3
            self._client.publish(QUIET_TOPIC, b"", qos=0)

    def _settle_notes(self) -> list[Event]:
        events: list[Event] = []
        while self._notes:
            match self._notes.popleft():
                case Greeted() as greeted:
                    self._take_greeting(greeted)
                case Subscribed() as subscribed:
                    self._take_grants(subscribed)
                case event:
                    events.append(event)
            if self._greeting and self._awaited_subscription is None and not self._is_ready:
                self._is_ready = True
                events.append(self._greeting)
        return events

    def _take_greeting(self, greeted: Greeted) -> None:
        if greeted.code.is_failure:
            raise _refusal(self._options, self._protocol, greeted.code)
        self._greeting = greeted.ready
        if self._options.subscriptions:
            wanted = [(topic, QOS_AT_LEAST_ONCE) for topic in self._options.subscriptions]
            self._awaited_subscription = self._client.subscribe(wanted)[1]

    def _take_grants(self, subscribed: Subscribed) -> None:
        # MQTT 5 §3.9.3: a code of 0x80 or more is a refusal; a granted QoS 0 would lose silently
        refused = [
            f"{topic} ({code})"
            for topic, code in zip(self._options.subscriptions, subscribed.codes, strict=False)
            if code.value != QOS_AT_LEAST_ONCE
        ]
        if refused:
            user = self._options.address.username or "an anonymous client"
            raise BrokerError(f"the broker refused {user} to read {', '.join(refused)}: check its access rules")
        self._awaited_subscription = None

    def _note_end(
        self, _client: object, _data: object, _flags: object, code: ReasonCode | None, _properties: object
    ) -> None:
        words = str(code).lower()
        self._end_reason = "the connection broke" if words == UNEXPLAINED_END else words

    def _lost(self) -> BrokerError:
        return BrokerError(f"lost the broker at {self._options.address}: {self._end_reason}")


def _refusal(options: MqttOptions, protocol: MqttProtocol, code: ReasonCode) -> BrokerError:
    words = str(code)
    if words == UNSUPPORTED_PROTOCOL:
        return ProtocolRefused(f"the broker at {options.address} does not speak MQTT {protocol}")
    if words in WRONG_CREDENTIALS:
        return LoginRefused(
            f"the broker refused the user name or password: {words.lower()} at {options.address}; "
            "check them in VEILLEUR_MQTT_URL"
        )
    return BrokerError(f"the broker at {options.address} refused the connection: {words.lower()}")


def _linger(line: socket.socket) -> None:
    # a socket closed with unread bytes resets the line, and a session taken over at once leaves PUBACKs unread: both
    # bring acknowledged messages back
    deadline = time.monotonic() + LINGER_SECONDS
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_WR)
        line.settimeout(LINGER_SECONDS)
        while line.recv(65_536) and time.monotonic() < deadline:
            pass
