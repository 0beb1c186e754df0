"""Bytes in any pieces come out as whole packets, and nobody is given more of them than was released."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.bridge.mqtt.broker_packets import packet
from veilleur_bridge.mqtt.incoming import IncomingPackets, Packet

PACKETS = st.builds(Packet, st.integers(0, 255), st.binary(max_size=300))


@given(st.lists(st.tuples(PACKETS, st.booleans()), max_size=8), st.lists(st.integers(1, 90), max_size=40))
@example([(Packet(0x32, b"x" * 20_000), False), (Packet(0x40, b"\0\1"), True)], [1, 1, 1, 1, 10_000])
def test_packets_come_out_of_any_pieces_and_only_the_released_are_given_out(
    sent: list[tuple[Packet, bool]], sizes: list[int]
) -> None:
    """Seen to catch an `add` that forgets the rest of a piece, and a `serve` that gives out what is not released."""
    incoming, came, served = IncomingPackets(), [], []
    whole = b"".join(packet(one.first_byte, one.body) for one, _ in sent)
    for size in [*sizes, len(whole)]:
        incoming.add(whole[:size])
        whole = whole[size:]
        while (one := incoming.next_packet()) is not None:
            came.append(one)
            if sent[len(came) - 1][1]:
                incoming.release()
                served.append(b"".join(iter(lambda: incoming.serve(7), b"")))
            else:
                incoming.skip()
            assert incoming.serve(99) == b""
    assert came == [one for one, _ in sent]
    assert served == [packet(one.first_byte, one.body) for one, is_released in sent if is_released]


@pytest.mark.parametrize("fifth", [0x00, 0x7F, 0x80, 0xFF])
def test_a_length_without_end_is_shown_to_whoever_refuses_it(fifth: int) -> None:
    """Seen to catch a `next_packet` that waits for a length of five bytes: nobody ever refused it."""
    incoming = IncomingPackets()
    incoming.add(b"\x30\xff\xff\xff\xff")
    assert incoming.next_packet() is None
    incoming.add(bytes([fifth]) + b"what follows")
    assert incoming.next_packet() == Packet(0x30, b"")
    incoming.release()
    assert incoming.serve(99) == b"\x30\xff\xff\xff\xff" + bytes([fifth])


def test_the_longest_length_is_waited_for() -> None:
    incoming = IncomingPackets()
    incoming.add(b"\x30\xff\xff\xff\x7f" + bytes(1_000_000))
    assert incoming.next_packet() is None
