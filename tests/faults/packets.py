"""MQTT packets told apart in a stream of bytes, as far as a relay must understand them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

_FIXED_HEAD = 2
_PROTOCOL_LEVEL_AT = 6
_MQTT_5 = 5
_LONGEST_LENGTH = 4
_GOES_ON = 0x80


class PacketKind(IntEnum):
    """The packet types that a trial asks for (MQTT §2.1.2)."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    SUBSCRIBE = 8
    SUBACK = 9
    DISCONNECT = 14


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet: `raw` is all of it, `body` what follows its length."""

    kind: int
    flags: int
    body: bytes
    raw: bytes

    @property
    def message_id(self) -> int:
        """The message id of a PUBACK."""
        return int.from_bytes(self.body[:2])


@dataclass(frozen=True, slots=True)
class Publication:
    """What a PUBLISH says."""

    topic: str
    message_id: int | None
    payload: bytes


@dataclass(slots=True)
class PacketReader:
    """Cuts one direction of one connection into packets; learns the MQTT version from a CONNECT."""

    is_mqtt_5: bool = False
    _unread: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> list[Packet]:
        """Return the packets that these bytes complete."""
        self._unread += data
        packets = []
        while (packet := self._next()) is not None:
            if packet.kind == PacketKind.CONNECT:
                self.is_mqtt_5 = packet.body[_PROTOCOL_LEVEL_AT] == _MQTT_5
            packets.append(packet)
        return packets

    def _next(self) -> Packet | None:
        found = _read_length(self._unread, 1)
        if found is None:
            return None
        length, start = found
        end = start + length
        if len(self._unread) < end:
            return None
        raw = bytes(self._unread[:end])
        del self._unread[:end]
        return Packet(raw[0] >> 4, raw[0] & 0x0F, raw[start:], raw)


def read_publication(packet: Packet, *, is_mqtt_5: bool) -> Publication:
    """Return topic, message id and payload of a PUBLISH."""
    topic_end = _FIXED_HEAD + int.from_bytes(packet.body[:2])
    at = topic_end
    message_id = None
    if packet.flags & 0b110:
        message_id = int.from_bytes(packet.body[at : at + 2])
        at += 2
    if is_mqtt_5 and (properties := _read_length(packet.body, at)) is not None:
        length, at = properties
        at += length
    return Publication(packet.body[_FIXED_HEAD:topic_end].decode(), message_id, packet.body[at:])


def _read_length(data: bytes | bytearray, at: int) -> tuple[int, int] | None:
    """Return a variable byte integer and where it ends (MQTT §2.2.3), None where bytes are missing."""
    value = 0
    for place in range(_LONGEST_LENGTH):
        if at + place >= len(data):
            return None
        byte = data[at + place]
        value |= (byte & ~_GOES_ON) << (7 * place)
        if not byte & _GOES_ON:
            return value, at + place + 1
    raise ValueError("no MQTT: a length of more than four bytes")
