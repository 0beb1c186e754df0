"""Trial 52, the broker's part: nobody without an account comes in, at any of its listeners, closed or open."""

from __future__ import annotations

import json
import re
import socket
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.attacks.places import VICTIM, attacked_place
from tests.bridge.mqtt.mqtt_parts import Reader, down
from tests.servers.broker_kind import BOTH_BROKERS, BrokerKind
from tests.waiting import until
from veilleur_bridge.broker.running import running_broker
from veilleur_bridge.mqtt_url import MqttAddress

pytestmark = pytest.mark.attack
TOPIC = f"veilleur/1/devices/{VICTIM}/receipt"
REFUSED = "the broker refused the user name or password"


def is_refused(address: MqttAddress) -> bool:
    with closing(Reader(address.url(), "stranger", TOPIC)) as reader:
        down(reader.state, REFUSED)
        return reader.read == []


@BOTH_BROKERS
def test_52_a_stranger_a_wrong_password_and_anothers_password_are_refused(kind: BrokerKind, tmp_path: Path) -> None:
    """Seen to catch a mosquitto with `allow_anonymous true`: the stranger was connected."""
    with attacked_place(tmp_path, kind) as place:
        own = place.addresses[VICTIM]

        assert is_refused(replace(own, username=None, password=None))
        assert is_refused(replace(own, password="guessed"))
        assert is_refused(replace(own, username="salon-2"))
        assert is_refused(replace(own, username="_daemon"))
        assert is_refused(replace(own, username="_observer"))


def test_52_an_open_broker_refuses_strangers_too_and_its_client_port_lets_nobody_in(tmp_path: Path) -> None:
    with attacked_place(tmp_path, BrokerKind.EMBEDDED) as place:
        installation = place.daemon.installation
        assert installation.run("broker", "open", "--address", "127.0.0.1").code == 0
        folder = installation.data_dir / "broker"
        until(lambda: is_encrypted(folder), within_seconds=30, what="it listens encrypted")
        open_address = running_broker(folder)
        assert open_address is not None

        assert is_refused(replace(open_address, username=None, password=None))
        assert is_refused(replace(open_address, password="guessed"))
        for user, password in (
            (None, None),
            ("_daemon", open_address.password),
            (VICTIM, place.addresses[VICTIM].password),
            ("_observer", "guessed"),
        ):
            answered = hello_at_the_client_port(folder, user, password)
            assert b"Authorization Violation" in answered
            assert b"PONG" not in answered


def is_encrypted(folder: Path) -> bool:
    found = running_broker(folder)
    return found is not None and found.is_encrypted


def hello_at_the_client_port(folder: Path, user: str | None, password: str | None) -> bytes:
    """Say hello in NATS's own protocol, and return all that is answered."""
    ports = re.findall(r"Listening for client connections on 127\.0\.0\.1:(\d+)", (folder / "broker.log").read_text())
    hello = {"verbose": True, "pedantic": False} | ({} if user is None else {"user": user, "pass": password})
    with socket.create_connection(("127.0.0.1", int(ports[-1])), timeout=10) as line:
        line.sendall(f"CONNECT {json.dumps(hello)}\r\nPING\r\n".encode())
        answered = b""
        while part := line.recv(4096):
            answered += part
    return answered
