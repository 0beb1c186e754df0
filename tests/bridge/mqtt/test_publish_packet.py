"""PUBLISH as it comes by the thousand: whole packets out of any pieces, and nothing malformed read as a message."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veilleur_bridge.mqtt.buffered_socket import BufferedSocket, Packet
from veilleur_bridge.mqtt.events import Received
from veilleur_bridge.mqtt.options import MqttProtocol
from veilleur_bridge.mqtt.publish_packet import is_plain_publish, read_publish

V311, V5 = MqttProtocol.V311, MqttProtocol.V5


def variable(length: int) -> bytes:
    """Return a length as MQTT writes it (MQTT 3.1.1 §2.2.3)."""
    written = bytearray()
    while True:
        length, digit = divmod(length, 128)
        written.append(digit | (0x80 if length else 0))
        if not length:
            return bytes(written)


def packet_of(message: Received, protocol: MqttProtocol, properties: bytes = b"") -> bytes:
    topic = (message.topic or "").encode()
    body = len(topic).to_bytes(2) + topic
    body += message.message_id.to_bytes(2) if message.qos else b""
    body += variable(len(properties)) + properties if protocol is V5 else b""
    body += message.payload
    return bytes([0x30 | message.qos << 1 | message.is_retained]) + variable(len(body)) + body


def chopped(whole: bytes, sizes: list[int]) -> Iterator[bytes]:
    for size in sizes:
        yield whole[:size]
        whole = whole[size:]
    yield whole


MESSAGES = st.builds(
    Received,
    st.text(min_size=1, max_size=20),
    st.binary(max_size=300),
    st.integers(1, 65_535),
    st.sampled_from([0, 1]),
    st.booleans(),
)


@given(
    st.lists(MESSAGES, max_size=6),
    st.lists(st.integers(1, 90), max_size=20),
    st.sampled_from([V311, V5]),
    st.binary(max_size=200),
)
def test_whole_messages_come_out_of_any_pieces(
    sent: list[Received], sizes: list[int], protocol: MqttProtocol, properties: bytes
) -> None:
    """Seen to catch a `fill` that forgets what was left of the last piece."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        line = BufferedSocket(ours)
        came: list[Received | None] = []
        for piece in chopped(b"".join(packet_of(one, protocol, properties) for one in sent), sizes):
            theirs.sendall(piece)
            while line.fill():
                pass
            while (first_byte := line.peek()) is not None:
                assert is_plain_publish(first_byte)
                came.append(read_publish(line.take(), protocol))
    expected = [one if one.qos else Received(one.topic, one.payload, 0, 0, one.is_retained) for one in sent]
    assert came == expected


@pytest.mark.parametrize(
    ("body", "protocol"),
    [
        (b"", V311),
        (b"\x00", V311),
        (b"\x00\x09veilleur", V311),
        (b"\x00\x01a\x00", V311),
        (b"\x00\x01a\x00\x07", V5),
        (b"\x00\x01a\x00\x07\x05abc", V5),
        (b"\x00\x01a\x00\x07\xff\xff\xff\xff\x7f", V5),
    ],
)
def test_a_malformed_message_is_none(body: bytes, protocol: MqttProtocol) -> None:
    assert read_publish(Packet(0x32, body), protocol) is None


def test_a_topic_that_is_no_text_is_told_as_none() -> None:
    assert read_publish(Packet(0x30, b"\x00\x01\xffrest"), V311) == Received(None, b"rest", 0, 0, False)


def test_other_packets_are_left_to_paho() -> None:
    assert not any(map(is_plain_publish, (0x20, 0x34, 0x35, 0x40, 0x90, 0xD0)))


def test_the_end_of_a_connection_is_told_to_whoever_reads_on() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        ours.setblocking(False)
        line = BufferedSocket(ours)
        theirs.sendall(b"\xd0\x00\x32")
        theirs.close()
        while not line.is_over:
            line.fill()
        assert line.peek() == 0xD0
        assert line.recv(2) == b"\xd0\x00"
        assert line.peek() is None
        assert (line.recv(9), line.recv(9)) == (b"\x32", b"")
