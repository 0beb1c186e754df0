"""Reads the one packet that comes by the thousand: a plain PUBLISH (MQTT 3.1.1 §3.3, MQTT 5 §3.3).

paho makes a message with properties, times and locks of each, and looks for its callback: 40 µs against 4.
"""

from __future__ import annotations

from typing import Final

from veilleur_bridge.mqtt.events import Received
from veilleur_bridge.mqtt.incoming import Packet
from veilleur_bridge.mqtt.options import MqttProtocol

_KIND: Final = 0xF0
_PUBLISH: Final = 0x30
_QOS_2: Final = 0x04
_NUMBER_BYTES: Final = 2


def read_publish(packet: Packet, protocol: MqttProtocol) -> Received | None:
    """Return the message of a PUBLISH of QoS 0 or 1 without properties, None for any other packet.

    None as well for whatever is not as it should be: paho knows best what is to be done with it.
    """
    first_byte, body = packet
    if first_byte & _KIND != _PUBLISH or first_byte & _QOS_2:
        return None
    topic_ends = _NUMBER_BYTES + int.from_bytes(body[:_NUMBER_BYTES], "big")
    qos = first_byte >> 1 & 1
    payload_at = topic_ends + _NUMBER_BYTES * qos
    message_id = int.from_bytes(body[topic_ends:payload_at], "big")
    if protocol is MqttProtocol.V5:
        if body[payload_at : payload_at + 1] != b"\0":
            return None
        payload_at += 1
    if topic_ends == _NUMBER_BYTES or payload_at > len(body) or message_id < qos:
        return None
    try:
        topic = body[_NUMBER_BYTES:topic_ends].decode()
    except UnicodeDecodeError:
        return None
    return Received(topic, body[payload_at:], message_id, qos, bool(first_byte & 1))
