"""One connection hears every packet, whoever reads it, in whatever pieces it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from tests.bridge.mqtt.broker_packets import packet, publish_packet
from tests.bridge.mqtt.mqtt_parts import SOON_SECONDS, TOPIC, options
from tests.servers.scripted_broker import CONNACK_V5, CONNACK_V311, ScriptedBroker, running_script
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt.connection import Connection
from veilleur_bridge.mqtt.events import Answered, Event, Ready, Received
from veilleur_bridge.mqtt.options import MqttProtocol

V311, V5 = MqttProtocol.V311, MqttProtocol.V5
CONNACKS = {V311: CONNACK_V311, V5: CONNACK_V5}
KEEPALIVE_SECONDS = 2
PINGREQ, PINGRESP = b"\xc0\x00", b"\xd0\x00"


@contextmanager
def connected(protocol: MqttProtocol, keepalive_seconds: int = 60) -> Iterator[tuple[Connection, ScriptedBroker]]:
    """Connect to a scripted broker, and leave its every further word to the test."""
    with running_script([CONNACKS[protocol]]) as broker:
        wanted = replace(options(broker.url, "hears", protocol=protocol), keepalive_seconds=keepalive_seconds)
        with closing(Connection(wanted, generation=1, protocol=protocol)) as connection:
            connection.open()
            hear(connection, lambda events: any(isinstance(event, Ready) for event in events))
            yield connection, broker


def hear(connection: Connection, is_enough: Callable[[list[Event]], bool]) -> list[Event]:
    """Turn until enough was heard, or fail."""
    heard: list[Event] = []
    deadline = time.monotonic() + SOON_SECONDS
    while not is_enough(heard):
        assert time.monotonic() < deadline, f"heard only {heard}"
        heard += connection.turn(0.1)
    return heard


def message(number: int, qos: int = 1) -> Received:
    """Return a message whose payload would read as messages, were it taken for packets."""
    payload = publish_packet(Received("inside", b"", 0, 0, False), V311) * number
    return Received(TOPIC, payload, number if qos else 0, qos, False)


def puback(message_id: int) -> bytes:
    return packet(0x40, message_id.to_bytes(2, "big"))


@pytest.mark.parametrize("protocol", MqttProtocol)
@pytest.mark.parametrize("piece_bytes", [1, 2, 3, 7, 50, 100_000])
def test_what_comes_between_the_answers_to_our_own_messages_is_heard(protocol: MqttProtocol, piece_bytes: int) -> None:
    """Seen to catch a `serve` that gives paho all: while messages are under way it reads on, half packets as well."""
    with connected(protocol) as (connection, broker):
        ours = [connection.publish(TOPIC, b"ours") for _ in range(20)]
        theirs = [message(number, qos) for number in range(1, 21) for qos in (0, 1)]
        words = b"".join(
            puback(message_id) + publish_packet(first, protocol) + publish_packet(second, protocol)
            for message_id, first, second in zip(ours, theirs[::2], theirs[1::2], strict=True)
        )
        heard: list[Event] = []
        for at in range(0, len(words), piece_bytes):
            broker.say(words[at : at + piece_bytes])
            heard += connection.turn(0)
        heard += hear(connection, lambda events: len(heard) + len(events) >= len(ours) + len(theirs))

    assert [event.message_id for event in heard if isinstance(event, Answered)] == ours
    assert [event for event in heard if isinstance(event, Received)] == theirs


@pytest.mark.parametrize("protocol", MqttProtocol)
def test_acknowledgements_reach_the_broker_once_and_in_order(protocol: MqttProtocol) -> None:
    """Seen to catch a first one that paho keeps for later, and one that paho is told of as well."""
    ids = [1, 2, 255, 256, 65_535]
    with connected(protocol) as (connection, broker):
        broker.say(b"".join(publish_packet(message(one)._replace(payload=b""), protocol) for one in range(1, 6)))
        hear(connection, lambda events: len(events) == len(ids))
        for one in ids:
            connection.acknowledge(one)
        expected = b"".join(map(puback, ids))
        hear(connection, lambda _: expected in broker.heard)
        assert broker.heard.count(puback(1)[:2]) == len(ids)


def test_a_message_with_properties_is_heard_through_paho() -> None:
    """Seen to catch a paho without its `on_message`."""
    user_property = b"\x26\x00\x01k\x00\x01v"
    with connected(V5) as (connection, broker):
        broker.say(publish_packet(message(1), V5, user_property) + publish_packet(message(2), V5))
        assert hear(connection, lambda events: len(events) == 2) == [message(1), message(2)]


def test_a_message_of_qos_2_is_told_once_its_dialogue_is_over() -> None:
    """Seen to catch a reader that takes QoS 2 itself: nobody answered, and it came without its release."""
    with connected(V311) as (connection, broker):
        broker.say(publish_packet(message(5, qos=2), V311))
        while b"\x50\x02\x00\x05" not in broker.heard:
            assert connection.turn(0.1) == []
        broker.say(packet(0x62, b"\x00\x05"))
        assert hear(connection, bool) == [message(5, qos=2)]


@pytest.mark.parametrize("protocol", MqttProtocol)
def test_what_was_said_before_a_line_ended_is_heard(protocol: MqttProtocol) -> None:
    """Seen to catch a `_read` that does not tell paho of the end: the connection stayed."""
    with connected(protocol) as (connection, broker):
        broker.say(publish_packet(message(1), protocol) + puback(7)[:3])
        broker.hang_up()
        assert hear(connection, bool) == [message(1)]
        with pytest.raises(BrokerError, match="lost the broker"):
            hear(connection, lambda _: False)


@pytest.mark.parametrize("rubbish", [b"\x32\x02\xff\xff", b"\x32\x04\x00\x01a\x00", b"\x30\xff\xff\xff\xff\xff"])
def test_a_malformed_message_ends_the_connection(rubbish: bytes) -> None:
    """Seen to catch a reader that skips what it cannot read."""
    with connected(V311) as (connection, broker):
        broker.say(rubbish)
        with pytest.raises(Exception, match=r"lost the broker|unpack"):
            hear(connection, lambda _: False)


def test_an_answer_to_a_ping_may_wait_behind_messages_that_were_not_read() -> None:
    """Seen to catch a `_take` that leaves paho no message: its keepalive counts only what it reads itself."""
    with connected(V311, KEEPALIVE_SECONDS) as (connection, broker):
        while PINGREQ not in broker.heard:
            connection.turn(0.05)
        connection.hold_back(is_full=True)
        ends_at = time.monotonic() + 1.5 * KEEPALIVE_SECONDS
        while time.monotonic() < ends_at:
            connection.turn(0.1)
        broker.say(publish_packet(message(1), V311))
        connection.hold_back(is_full=False)
        assert hear(connection, bool) == [message(1)]
        broker.say(PINGRESP + publish_packet(message(2), V311))
        assert hear(connection, bool) == [message(2)]
