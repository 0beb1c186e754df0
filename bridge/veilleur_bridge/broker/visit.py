"""A short stay at a broker on the caller's own thread: come in, say, hear, leave."""

from __future__ import annotations

import secrets
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Final, NamedTuple

from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt.connection import Connection, ProtocolRefused
from veilleur_bridge.mqtt.events import Answered, Event, Ready, Received
from veilleur_bridge.mqtt.options import MqttOptions, MqttProtocol
from veilleur_bridge.mqtt_url import MqttAddress

TURN_SECONDS: Final = 0.2
IN_FLIGHT: Final = 500
HANDSHAKE_SECONDS: Final = 5.0


class Outgoing(NamedTuple):
    """A message to say; `marks` are its user properties, where MQTT 5 is spoken."""

    topic: str
    payload: bytes
    marks: Sequence[tuple[str, str]] = ()


class Visit:
    """An open connection; whatever arrives is acknowledged, and kept until it is asked for."""

    def __init__(self, connection: Connection, events: Sequence[Event]) -> None:
        self.session_present = False
        self._connection = connection
        self._in_flight_limit = 0
        self._heard: deque[Received] = deque()
        self._answers: dict[int, str | None] = {}
        self._take(events)

    def say(
        self, messages: Sequence[Outgoing], *, within_seconds: float, is_retained: bool = False
    ) -> Sequence[str | None]:
        """Publish, and return for each message why the broker refused it (None: taken, or 3.1.1, which cannot say).

        Raises BrokerError where the broker has not answered for all in time, or hung up.
        """
        deadline = time.monotonic() + within_seconds
        ids: list[int] = []
        while len(self._answers) < len(messages):
            while len(ids) < len(messages) and len(ids) - len(self._answers) < self._in_flight_limit:
                message = messages[len(ids)]
                ids.append(self._connection.publish(*message, is_retained=is_retained))
            if time.monotonic() > deadline:
                raise BrokerError(f"the broker answered for {len(self._answers)} of {len(messages)} messages in time")
            self._take(self._connection.turn(TURN_SECONDS))
        answers = [self._answers[message_id] for message_id in ids]
        self._answers.clear()
        return answers

    def hear(
        self, count: int, *, within_seconds: float, only: Callable[[Received], bool] = lambda _message: True
    ) -> list[Received]:
        """Return up to `count` messages of a kind, as soon as they are there or nothing more came for so long."""
        heard: list[Received] = []
        deadline = time.monotonic() + within_seconds
        while len(heard) < count and time.monotonic() < deadline:
            if not self._heard:
                self._take(self._connection.turn(TURN_SECONDS))
            while self._heard and len(heard) < count:
                message = self._heard.popleft()
                if only(message):
                    heard.append(message)
                    deadline = time.monotonic() + within_seconds
        return heard

    def _take(self, events: Sequence[Event]) -> None:
        for event in events:
            match event:
                case Answered(message_id=message_id, refusal=refusal):
                    self._answers[message_id] = refusal
                case Received():
                    if event.qos:
                        self._connection.acknowledge(event.message_id)
                    self._heard.append(event)
                case Ready(session_present=session_present, receive_maximum=receive_maximum):
                    self.session_present = session_present
                    self._in_flight_limit = min(receive_maximum, IN_FLIGHT)


@contextmanager
def visiting(
    address: MqttAddress,
    *,
    subscriptions: Sequence[str] = (),
    client_id: str | None = None,
    session_kept: timedelta = timedelta(0),
    tls: ssl.SSLContext | None = None,
) -> Iterator[Visit]:
    """Come in (with a client id of its own unless given) and leave at the end. Raises BrokerError.

    A broker that does not speak MQTT 5 is asked again in 3.1.1.
    """
    options = MqttOptions(
        address=address,
        client_id=client_id or f"visit-{secrets.token_hex(8)}",
        subscriptions=tuple(subscriptions),
        session_kept=session_kept,
        handshake_seconds=HANDSHAKE_SECONDS,
        tls=tls,
    )
    with ExitStack() as leaving:
        try:
            visit = _come_in(leaving, options, MqttProtocol.V5)
        except ProtocolRefused:
            visit = _come_in(leaving, options, MqttProtocol.V311)
        yield visit


def _come_in(leaving: ExitStack, options: MqttOptions, protocol: MqttProtocol) -> Visit:
    connection = Connection(options, generation=1, protocol=protocol)
    leaving.callback(connection.close)
    connection.open()
    events: list[Event] = []
    while not any(isinstance(event, Ready) for event in events):
        events += connection.turn(TURN_SECONDS)
    return Visit(connection, events)
