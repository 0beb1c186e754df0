"""A plain PUBLISH is read by ourselves, and whatever else comes is left to paho."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bridge.mqtt.broker_packets import publish_body
from veilleur_bridge.mqtt.events import Received
from veilleur_bridge.mqtt.incoming import Packet
from veilleur_bridge.mqtt.options import MqttProtocol
from veilleur_bridge.mqtt.publish_packet import read_publish

V311, V5 = MqttProtocol.V311, MqttProtocol.V5
TOPICS, PAYLOADS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20), st.binary(max_size=300)
MESSAGES = st.one_of(
    st.builds(Received, TOPICS, PAYLOADS, st.just(0), st.just(0), st.booleans()),
    st.builds(Received, TOPICS, PAYLOADS, st.integers(1, 65_535), st.just(1), st.booleans()),
)


@given(MESSAGES, st.sampled_from([V311, V5]), st.booleans())
def test_a_plain_message_is_read_as_it_was_written(sent: Received, protocol: MqttProtocol, is_again: bool) -> None:
    """Seen to catch a payload that begins at the properties' length, and QoS 0 read with a message id."""
    first_byte = 0x30 | is_again << 3 | sent.qos << 1 | sent.is_retained
    assert read_publish(Packet(first_byte, publish_body(sent, protocol)), protocol) == sent


@pytest.mark.parametrize(
    ("first_byte", "body", "protocol"),
    [
        (0x30, b"", V311),
        (0x30, b"\x00", V311),
        (0x30, b"\x00\x00rest", V311),
        (0x30, b"\x00\x09veilleur", V311),
        (0x30, b"\x00\x01\xffrest", V311),
        (0x32, b"\x00\x01a", V311),
        (0x32, b"\x00\x01a\x07", V311),
        (0x32, b"\x00\x01a\x00\x00", V311),
        (0x32, b"\x00\x01a\x00\x07", V5),
        (0x32, b"\x00\x01a\x00\x07\x05abc", V5),
        (0x32, b"\x00\x01a\x00\x07\x02\x01\x01abc", V5),
        (0x32, b"\x00\x01a\x00\x07\xff\xff\xff\xff\x7f", V5),
    ],
)
def test_what_is_malformed_or_has_properties_is_left_to_paho(
    first_byte: int, body: bytes, protocol: MqttProtocol
) -> None:
    """Seen to catch a reader without its look at where the payload begins, and one that takes a message id of zero."""
    assert read_publish(Packet(first_byte, body), protocol) is None


def test_other_packets_are_left_to_paho() -> None:
    """Seen to catch a reader that takes QoS 2, whose dialogue is paho's."""
    others = [first_byte for first_byte in range(256) if first_byte & 0xF0 != 0x30 or first_byte & 0x06 > 2]
    assert not any(read_publish(Packet(first_byte, b"\x00\x01a\x00\x07rest"), V311) for first_byte in others)
