"""What a broker sent, cut into packets: each is either read by ourselves or given to paho, whole and alone."""

from __future__ import annotations

from typing import Final, NamedTuple

_MOST_LENGTH_BYTES: Final = 4
_BITS_OF_EACH: Final = 7
_MORE_FOLLOWS: Final = 0x80


class Packet(NamedTuple):
    """One MQTT control packet: its first byte, and what follows its length (MQTT 3.1.1 §2.2)."""

    first_byte: int
    body: bytes


class IncomingPackets:
    """Holds received bytes in order; after `next_packet` either `skip` or `release` decides about that packet.

    paho reads on for as long as it is given bytes (as many packets as it has messages under way, or half a packet):
    it is therefore given the released ones only.
    """

    def __init__(self) -> None:
        self._data = bytearray()
        self._at = 0
        self._next_at = 0
        self._released_to = 0

    def add(self, data: bytes) -> None:
        """Append what was received."""
        del self._data[: self._at]
        self._next_at -= self._at
        self._released_to -= self._at
        self._at = 0
        self._data += data

    def next_packet(self) -> Packet | None:
        """Return the next packet, None while it is not here whole; a length without end makes a packet of itself."""
        data, begin = self._data, self._at + 1
        length = shift = 0
        for byte in data[begin : begin + _MOST_LENGTH_BYTES]:
            begin += 1
            length |= (byte & ~_MORE_FOLLOWS) << shift
            shift += _BITS_OF_EACH
            if byte < _MORE_FOLLOWS:
                break
        else:
            # A fifth byte of a length is one too many: paho is shown it, and refuses.
            begin, length = self._at + 1 + _MOST_LENGTH_BYTES + 1, 0
        if begin + length > len(data):
            return None
        self._next_at = begin + length
        return Packet(data[self._at], bytes(data[begin : self._next_at]))

    def skip(self) -> None:
        """Drop the packet that `next_packet` returned."""
        self._at = self._released_to = self._next_at

    def release(self) -> None:
        """Let `serve` give out the packet that `next_packet` returned."""
        self._released_to = self._next_at

    def serve(self, size: int) -> bytes:
        """Return at most so many bytes of what is released, none where nothing is left of it."""
        served = bytes(self._data[self._at : min(self._at + size, self._released_to)])
        self._at += len(served)
        return served
