"""A server is found again by its name, here by multicast on the loopback interface; rubbish is passed over."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from dnslib import QTYPE, DNSQuestion, DNSRecord

from tests.servers.ports import free_port
from tests.waiting import until
from veilleur_bridge.mdns import Announced, MdnsResponder, join_group, open_line, send_to_group
from veilleur_bridge.mdns_search import search_server

LOOPBACK = "127.0.0.1"
NAME = "veilleur-9f9f9f"


def announced(*addresses: str) -> Announced:
    return Announced(NAME, 1883, lambda: addresses or ("192.0.2.10", "2001:db8::10"))


@contextmanager
def responding(port: int, told: Announced | None = None) -> Iterator[MdnsResponder]:
    responder = MdnsResponder(told or announced(), interfaces=lambda: (LOOPBACK,), port=port)
    responder.start()
    try:
        yield responder
    finally:
        responder.stop()


def search(port: int, name: str = NAME, within_seconds: float = 5.0) -> list[tuple[str, int]]:
    found = search_server(name, interface=LOOPBACK, port=port, within_seconds=within_seconds)
    return sorted(found)


def heard_first(port: int) -> None:
    until(lambda: search(port, within_seconds=0.3), within_seconds=30, what="the responder answers")


def test_a_server_is_found_by_its_name_with_port_and_addresses() -> None:
    port = free_port()
    with responding(port):
        heard_first(port)

        assert search(port) == [("192.0.2.10", 1883), ("2001:db8::10", 1883)]
        assert search(port, "VEILLEUR-9F9F9F") == search(port)


def test_another_name_is_not_answered() -> None:
    port = free_port()
    with responding(port):
        heard_first(port)

        assert search(port, "veilleur-000000", within_seconds=0.5) == []


def test_two_responders_share_the_port_and_both_answer() -> None:
    """Seen to catch an `open_line` without SO_REUSEADDR and SO_REUSEPORT: the second was off."""
    port = free_port()
    with responding(port), responding(port, Announced("veilleur-other", 1884, lambda: ("192.0.2.11",))):
        heard_first(port)
        until(lambda: search(port, "veilleur-other", within_seconds=0.3), within_seconds=30, what="the second answers")


def test_a_port_that_cannot_be_had_turns_it_off_and_nothing_else() -> None:
    """Seen to catch a `start` that lets the OSError out: the daemon would not have started."""
    port = free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("", port))
        with responding(port):
            assert search(port, within_seconds=0.3) == []


@pytest.mark.attack
@pytest.mark.parametrize(
    "packet",
    [b"", b"\0", b"\xff" * 600, b"\0\0\0\0\0\x01\0\0\0\0\0\0\xc0\x0c\0\x01\0\x01", b"\0\0\0\0\xff\xff" + b"\0" * 20],
)
def test_rubbish_from_the_network_does_not_end_it(packet: bytes) -> None:
    """Seen to catch an `_answer` without its handler: the thread died and nobody was answered again."""
    port = free_port()
    with responding(port):
        heard_first(port)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            send_to_group(sender, LOOPBACK, packet, port)

        assert search(port) != []


def test_the_service_can_be_browsed_and_the_host_name_resolved() -> None:
    port = free_port()
    with responding(port), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        heard_first(port)
        asker.settimeout(5)
        for name, kind, expected in (
            ("_veilleur._tcp.local", QTYPE.PTR, f"{NAME}._veilleur._tcp.local."),
            ("_services._dns-sd._udp.local", QTYPE.PTR, "_veilleur._tcp.local."),
            (f"{NAME}.local", QTYPE.A, "192.0.2.10"),
        ):
            send_to_group(asker, LOOPBACK, DNSRecord(q=DNSQuestion(name, kind)).pack(), port)
            answer = DNSRecord.parse(asker.recvfrom(9_000)[0])

            assert str(answer.rr[0].rdata) == expected


def test_it_says_goodbye() -> None:
    port = free_port()
    with open_line(port) as listener:
        join_group(listener, LOOPBACK)
        listener.settimeout(5)
        with responding(port):
            assert {record.ttl > 0 for record in DNSRecord.parse(listener.recvfrom(9_000)[0]).rr} == {True}

        assert {record.ttl for record in DNSRecord.parse(listener.recvfrom(9_000)[0]).rr} == {0}


def test_nobody_to_ask_finds_nothing() -> None:
    assert search(free_port(), within_seconds=0.2) == []
