"""Packets as a broker writes them."""

from __future__ import annotations

from veilleur_bridge.mqtt.events import Received
from veilleur_bridge.mqtt.options import MqttProtocol


def variable(length: int) -> bytes:
    """Return a length as MQTT writes it (MQTT 3.1.1 §2.2.3)."""
    written = bytearray()
    while True:
        length, digit = divmod(length, 128)
        written.append(digit | (0x80 if length else 0))
        if not length:
            return bytes(written)


def packet(first_byte: int, body: bytes) -> bytes:
    return bytes([first_byte]) + variable(len(body)) + body


def publish_body(message: Received, protocol: MqttProtocol, properties: bytes = b"") -> bytes:
    topic = (message.topic or "").encode()
    body = len(topic).to_bytes(2, "big") + topic
    body += message.message_id.to_bytes(2, "big") if message.qos else b""
    body += variable(len(properties)) + properties if protocol is MqttProtocol.V5 else b""
    return body + message.payload


def publish_packet(message: Received, protocol: MqttProtocol, properties: bytes = b"") -> bytes:
    first_byte = 0x30 | message.qos << 1 | message.is_retained
    return packet(first_byte, publish_body(message, protocol, properties))
