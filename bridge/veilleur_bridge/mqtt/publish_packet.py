"""Reads the one packet that comes by the thousand: PUBLISH of QoS 0 and 1 (MQTT 3.1.1 §3.3, MQTT 5 §3.3).

paho makes a message with properties, timestamps and locks of each, and looks for a callback: 40 µs against 4.
"""

from __future__ import annotations

from typing import Final

from veilleur_bridge.mqtt.buffered_socket import Packet
from veilleur_bridge.mqtt.events import Received
from veilleur_bridge.mqtt.options import MqttProtocol

_PUBLISH: Final = 0x30
_QOS_2: Final = 0x04


def is_plain_publish(first_byte: int) -> bool:
    """Tell whether a packet is a PUBLISH of QoS 0 or 1: the others have a dialogue, which is paho's."""
    return first_byte & 0xF0 == _PUBLISH and not first_byte & _QOS_2


def read_publish(packet: Packet, protocol: MqttProtocol) -> Received | None:
    """Return the message of a PUBLISH, None where the packet is malformed."""
    body, qos = packet.body, packet.first_byte >> 1 & 1
    topic_ends = 2 + int.from_bytes(body[:2])
    at = topic_ends + 2 * qos
    if protocol is MqttProtocol.V5:
        at = _after_properties(body, at)
    if at > len(body):
        return None
    message_id = int.from_bytes(body[topic_ends : topic_ends + 2]) if qos else 0
    try:
        topic: str | None = body[2:topic_ends].decode()
    except UnicodeDecodeError:
        topic = None
    return Received(topic, body[at:], message_id, qos, bool(packet.first_byte & 1))


def _after_properties(body: bytes, at: int) -> int:
    """Return where the properties end, or a place beyond the packet where they do not."""
    length = 0
    for shift in range(0, 28, 7):
        if at >= len(body):
            break
        byte = body[at]
        at += 1
        length |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return at + length
    return len(body) + 1
