"""The relay tells packets apart, drops what it is told to, and keeps a dead line open."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.bridge.mqtt.mqtt_parts import Reader, publish_all
from tests.faults.packets import Packet, PacketKind, PacketReader, read_publication
from tests.faults.relay import Line, Way, relayed
from tests.servers.mosquitto import running_mosquitto
from tests.waiting import until

TOPIC = "veilleur/1/devices/rio/notifications"
# CONNECT of MQTT 5, then PUBLISH at QoS 1 with message id 7 and no properties
CONNECT_V5 = bytes.fromhex("100d00044d5154540502000f000000")
PUBLISH = bytes.fromhex("320a0003612f620007") + b"\x00hi"


def test_packets_are_told_apart_however_the_bytes_come() -> None:
    reader = PacketReader()
    packets = [packet for byte in CONNECT_V5 + PUBLISH for packet in reader.feed(bytes([byte]))]

    assert [packet.kind for packet in packets] == [PacketKind.CONNECT, PacketKind.PUBLISH]
    assert reader.is_mqtt_5
    assert b"".join(packet.raw for packet in packets) == CONNECT_V5 + PUBLISH
    told = read_publication(packets[1], is_mqtt_5=True)
    assert (told.topic, told.message_id, told.payload) == ("a/b", 7, b"hi")


def test_what_is_dropped_does_not_arrive_and_all_else_does(tmp_path_factory: pytest.TempPathFactory) -> None:
    def passes(_line: Line, _way: Way, packet: Packet) -> bool:
        return b"swallowed" not in packet.body

    with (
        running_mosquitto(tmp_path_factory.mktemp("broker")) as broker,
        relayed(broker.port, passes=passes) as relay,
        closing(Reader(f"mqtt://127.0.0.1:{relay.port}", "reader", TOPIC)) as reader,
    ):
        until(lambda: reader.state().is_up, within_seconds=30, what="the reader is subscribed")
        publish_all(broker.url, [b"first", b"swallowed", b"last"], TOPIC)
        until(lambda: b"last" in reader.read, within_seconds=30, what="the last arrived")

        assert reader.read == [b"first", b"last"]


def test_a_half_open_line_carries_nothing_and_tells_neither_side(tmp_path_factory: pytest.TempPathFactory) -> None:
    with (
        running_mosquitto(tmp_path_factory.mktemp("broker")) as broker,
        relayed(broker.port) as relay,
        closing(Reader(f"mqtt://127.0.0.1:{relay.port}", "reader", TOPIC)) as reader,
    ):
        until(lambda: reader.state().is_up, within_seconds=30, what="the reader is subscribed")
        relay.leave_half_open()
        publish_all(broker.url, [b"lost on the way"], TOPIC)

        assert reader.read == []
        assert reader.state().is_up
