"""The embedded broker for real: who may say what, what it keeps, and how it starts, restarts and ends."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.bridge.mqtt.mqtt_parts import (
    SOON_SECONDS,
    Reader,
    down,
    now,
    options,
    payloads,
    publish_all,
    publisher,
    source,
    store,
    take,
    up,
)
from tests.servers.embedded import EmbeddedServer, ListedDevices, broker_settings, running_embedded_broker
from tests.waiting import until
from veilleur_bridge.broker.embedded import EmbeddedBroker
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.registry import BrokerAccount
from veilleur_bridge.sources.mqtt import MqttCount, MqttSource


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """One broker for the tests that neither kill nor stop it."""
    with running_embedded_broker(tmp_path_factory.mktemp("embedded")) as server:
        yield server


def admitted(server: EmbeddedServer, device: str) -> MqttAddress:
    """Wait until the running broker lets a device in."""
    address = server.address_of(device)
    with publisher(address.url(), client_id=f"{device}-first") as link:
        up(link.state)
    return address


def topic(device: str, channel: str = "notifications") -> str:
    return f"veilleur/1/devices/{device}/{channel}"


def test_what_a_device_publishes_reaches_the_daemon_and_is_acknowledged_once(shared: EmbeddedServer) -> None:
    rio = admitted(shared, "once")
    sent = [f"once {number}".encode() for number in range(2_000)]
    with source(shared.url, client_id="daemon-once") as opened:
        publish_all(rio.url(), sent, topic("once"))
        stored = store(opened, len(sent))

    assert payloads(stored) == sent
    assert {delivery.topic_device for delivery in stored} == {"once"}
    with source(shared.url, client_id="daemon-once") as again:
        publish_all(rio.url(), [b"the next"], topic("once"))
        assert payloads(take(again, 1)) == [b"the next"]


@pytest.mark.fault
def test_what_is_not_acknowledged_comes_again_after_the_ack_wait_and_is_taken_once(shared: EmbeddedServer) -> None:
    """Seen to catch a `_receive` that does not look whether the message is still in hand: taken twice."""
    rio = admitted(shared, "again")
    with source(shared.url, client_id="daemon-again") as opened:
        publish_all(rio.url(), [b"slowly stored"], topic("again"))
        (held,) = take(opened, 1)
        until(lambda: opened.counts()[MqttCount.REDELIVERED], within_seconds=30, what="NATS sends it again")
        opened.acknowledge([held])
        publish_all(rio.url(), [b"the next"], topic("again"))

        assert payloads(take(opened, 1)) == [b"the next"]

    with source(shared.url, client_id="daemon-unacked") as first:
        publish_all(rio.url(), [b"never acked"], topic("again"))
        assert payloads(take(first, 1)) == [b"never acked"]
    with source(shared.url, client_id="daemon-unacked") as second:
        assert payloads(store(second, 1)) == [b"never acked"]


@pytest.mark.attack
@pytest.mark.parametrize(
    "foreign",
    [
        topic("victim"),
        topic("victim", "receipt"),
        topic("intruder", "receipt"),
        topic("intruder", "config"),
        topic("*"),
        f"$MQTT/msgs/{topic('victim')}",
        "$JS/API/STREAM/PURGE/$MQTT_msgs",
        "veilleur/1/mentions/tiktok/like",
    ],
)
def test_a_device_writes_no_topic_but_its_own(shared: EmbeddedServer, foreign: str) -> None:
    """Seen to catch a publish permission of `>`: the forged message arrived."""
    intruder = admitted(shared, "intruder")
    with source(shared.url, client_id=f"daemon-{abs(hash(foreign))}") as opened:
        publish_all(intruder.url(), [b"forged"], foreign)
        publish_all(intruder.url(), [b"own"], topic("intruder"))

        assert payloads(store(opened, 1)) == [b"own"]


@pytest.mark.attack
@pytest.mark.parametrize(
    "foreign",
    [
        topic("victim"),
        topic("victim", "receipt"),
        topic("+", "receipt"),
        topic("*", "receipt"),
        topic("intruder"),
        "veilleur/#",
        "#",
        "$MQTT/msgs/#",
        "$SYS/#",
    ],
)
def test_a_device_reads_no_topic_but_its_own(shared: EmbeddedServer, foreign: str) -> None:
    """Seen to catch a subscribe permission of `>`, and a `_take_grants` that does not look at the codes."""
    intruder = admitted(shared, "intruder")
    with closing(Reader(intruder.url(), "intruder-reads", foreign)) as reader:
        down(reader.state, "the broker refused intruder to read")

    assert reader.read == []


@pytest.mark.parametrize("channel", ["receipt", "config"])
def test_a_device_reads_what_is_meant_for_it_even_when_it_was_away(shared: EmbeddedServer, channel: str) -> None:
    device = admitted(shared, "reads")
    with publisher(shared.url, client_id="daemon-tells") as daemon:
        daemon.publish(topic("reads", channel), b"told before", is_retained=True)
        assert daemon.flush(SOON_SECONDS) == ()
        with closing(Reader(device.url(), "reads", topic("reads", channel))) as reader:
            until(lambda: reader.read == [b"told before"], within_seconds=30, what="the retained message")
            daemon.publish(topic("reads", channel), b"told live", is_retained=True)
            until(lambda: reader.read[1:] == [b"told live"], within_seconds=30, what="the live message")


@pytest.mark.attack
def test_whoever_takes_another_clients_id_reads_nothing_and_loses_it_nothing(shared: EmbeddedServer) -> None:
    """NATS cannot tie a client id to a user, but asks the permissions again for a session taken over."""
    victim, intruder = admitted(shared, "victim"), admitted(shared, "intruder")
    own, kept = topic("victim", "receipt"), timedelta(days=1)
    with closing(Reader(victim.url(), "victim-id", own, session_kept=kept)) as first:
        up(first.state)
    publish_all(shared.url, [b"for the victim"], own)
    with closing(Reader(intruder.url(), "victim-id", None, session_kept=kept)) as thief:
        up(thief.state)
        with closing(Reader(victim.url(), "victim-id", own, session_kept=kept)) as again:
            until(lambda: again.read == [b"for the victim"], within_seconds=30, what="the victim reads its own")

    assert thief.read == []


@pytest.mark.fault
def test_a_refused_subscription_is_told_and_tried_again(shared: EmbeddedServer) -> None:
    """Seen to catch `_take_grants` without its check of the codes (up, and then nothing ever comes)."""
    device = admitted(shared, "curious")
    with closing(MqttSource(options(device.url(), "curious"), clock=now)) as opened:
        told = down(opened.state, "refused curious to read").last_error or ""
        until(lambda: opened.state().connections >= 4, within_seconds=30, what="it is tried again")

    assert "veilleur/1/devices/+/notifications" in told


@pytest.mark.attack
def test_nobody_enters_without_an_account_nor_by_the_other_listener(shared: EmbeddedServer) -> None:
    """Seen to catch users without `allowed_connection_types`: the daemon's password opened the client port."""
    with closing(Reader(f"mqtt://127.0.0.1:{shared.port}", "anonymous", topic("x"))) as anonymous:
        down(anonymous.state, "the broker refused the user name or password")
    daemon = shared.broker.address
    found = re.search(r"Listening for client connections on 127\.0\.0\.1:(\d+)", shared.log)
    assert found is not None
    with socket.create_connection(("127.0.0.1", int(found[1])), timeout=10) as line:
        hello = {"user": daemon.username, "pass": daemon.password, "verbose": True, "pedantic": False}
        line.sendall(f"CONNECT {json.dumps(hello)}\r\nPING\r\n".encode())
        answers = b""
        while part := line.recv(4096):
            answers += part

    assert b"Authorization Violation" in answers
    assert b"PONG" not in answers


@pytest.mark.privacy
def test_secrets_lie_in_private_files_and_the_configuration_holds_none(shared: EmbeddedServer) -> None:
    settings = shared.settings
    secret_files = [settings.key_file, settings.folder / "daemon-password", settings.configuration_file]
    configuration = settings.configuration_file.read_text()

    assert [file.stat().st_mode & 0o777 for file in secret_files] == [0o600] * 3
    assert settings.folder.stat().st_mode & 0o777 == 0o700
    for file in secret_files[:2]:
        assert file.read_text().strip() not in configuration


@pytest.mark.parametrize("size", [300 * 1024, 2 * 1024 * 1024])
def test_a_message_larger_than_an_envelope_arrives_to_become_a_dead_letter(shared: EmbeddedServer, size: int) -> None:
    """Seen to catch a configuration without `max_payload`: NATS hung up at 2 MiB."""
    device = admitted(shared, "large")
    with source(shared.url, client_id=f"daemon-large-{size}") as opened:
        publish_all(device.url(), [b"x" * size, b"small"], topic("large"))
        assert [len(delivery.payload) for delivery in store(opened, 2)] == [size, 5]


def test_a_new_account_drops_nobodys_session_and_a_revoked_one_is_thrown_out(shared: EmbeddedServer) -> None:
    """Seen to catch a `reload` by SIGTERM and a new start: everybody was thrown out."""
    stays, goes = admitted(shared, "stays"), admitted(shared, "goes")
    with (
        source(shared.url, client_id="daemon-reload") as daemon,
        closing(Reader(stays.url(), "stays", topic("stays", "receipt"))) as staying,
        closing(Reader(goes.url(), "goes", topic("goes", "receipt"))) as going,
    ):
        up(staying.state)
        up(going.state)
        before = (daemon.state().connections, staying.state().connections)
        shared.registry.accounts[:] = [entry for entry in shared.registry.accounts if entry.device != "goes"]
        newcomer = admitted(shared, "newcomer")
        publish_all(newcomer.url(), [b"hello"], topic("newcomer"))

        assert payloads(store(daemon, 1)) == [b"hello"]
        down(going.state, "the broker refused the user name or password")
        assert (daemon.state().connections, staying.state().connections) == before


def test_a_registry_that_fails_leaves_the_broker_as_it_was(tmp_path: Path) -> None:
    """Seen to catch a `_watch` that does not contain the reload: the child was restarted."""
    registry = FailingRegistry()
    settings = broker_settings(tmp_path)
    broker = EmbeddedBroker(settings, registry, clock=now)
    broker.start()
    try:
        pid = broker.state().pid
        registry.is_failing = True
        broker.reload()
        until(lambda: broker.state().last_error, within_seconds=30, what="the trouble is told")

        assert broker.state().is_up
        assert broker.state().pid == pid
    finally:
        broker.stop()
    assert not broker.state().is_up


class FailingRegistry(ListedDevices):
    """A registry whose database goes away."""

    is_failing = False

    def broker_accounts(self) -> Sequence[BrokerAccount]:
        if self.is_failing:
            raise RuntimeError("the database is locked")
        return super().broker_accounts()
