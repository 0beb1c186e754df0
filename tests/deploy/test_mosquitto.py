"""The mosquitto of `deploy/` keeps devices apart and loses nothing that waits for the daemon."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.architecture.source_file import PROJECT
from tests.bridge.mqtt.mqtt_parts import (
    Reader,
    now,
    options,
    payloads,
    publish_all,
    publisher,
    source,
    take,
    up,
)
from tests.deploy.deployed_mosquitto import DEPLOYED, PASSWORDS, DeployedBroker, running_with_password_file
from tests.docs.markdown_page import Page
from tests.end_to_end.made_envelopes import TOPIC, comment, encoded
from tests.end_to_end.stored_rows import looking_into
from tests.servers.daemon import Daemon, Installation, Role
from tests.waiting import until
from veilleur_bridge.publish import Publisher

QUEUED = 5_000
CONFIGURATIONS = ("veilleur.conf", "veilleur-dynamic-security.conf")
GUIDE = Page(PROJECT / "docs" / "guides" / "connect-a-device.md")


def saves_again(saved: Path) -> None:
    """Wait for a save that began after everything was acknowledged: the second from now on."""
    for _ in range(2):
        before_ns = saved.stat().st_mtime_ns if saved.exists() else 0
        until(
            lambda: saved.exists() and saved.stat().st_mtime_ns > before_ns,  # noqa: B023 -- called at once
            within_seconds=30,
            what="mosquitto saves its memory",
        )


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedBroker]:
    with running_with_password_file(tmp_path_factory.mktemp("mosquitto")) as broker:
        yield broker


def topic(device: str, channel: str) -> str:
    return f"veilleur/1/devices/{device}/{channel}"


@pytest.mark.attack
@pytest.mark.parametrize(
    "foreign", [topic("salle-8", "notifications"), topic("salle-9", "receipt"), "$CONTROL/x", "veilleur/1/broker/x"]
)
def test_a_device_writes_its_own_topics_alone(shared: DeployedBroker, foreign: str) -> None:
    """Seen to catch an ACL of `pattern write veilleur/1/devices/+/notifications`: it was accepted."""
    with closing(Reader(shared.own_url(), "daemon-reads", "veilleur/1/#")) as daemon:
        up(daemon.state)
        with publisher(shared.own_url("salle-9"), client_id="salle-9") as device:
            device.publish(foreign, b"forged")
            (refused,) = device.flush(10)
        publish_all(shared.own_url("salle-9"), [b"status"], topic("salle-9", "status"))
        publish_all(shared.own_url("salle-9"), [b"own"], topic("salle-9", "notifications"))
        until(lambda: b"own" in daemon.read, within_seconds=30, what="the device's own message")

    assert daemon.read == [b"status", b"own"]
    assert refused.reason == "Not authorized"


@pytest.mark.attack
def test_a_device_reads_its_own_receipt_and_config_alone(shared: DeployedBroker) -> None:
    """Seen to catch an ACL of `pattern read veilleur/1/devices/+/receipt`: it read three of four."""
    written = [(name, channel) for name in ("salle-8", "salle-9") for channel in ("receipt", "config", "status")]
    with closing(Reader(shared.own_url("salle-9"), "salle-9", "veilleur/1/#")) as device:
        up(device.state)
        for name, channel in written:
            publish_all(shared.own_url(), [f"{name} {channel}".encode()], topic(name, channel))
        until(lambda: len(device.read) == 2, within_seconds=30, what="its receipt and its config")
        publish_all(shared.own_url(), [b"the last"], topic("salle-9", "receipt"))
        until(lambda: b"the last" in device.read, within_seconds=30, what="a last receipt")

    assert device.read == [b"salle-9 receipt", b"salle-9 config", b"the last"]


@pytest.mark.attack
def test_a_tablet_cannot_take_another_clients_session_over(shared: DeployedBroker) -> None:
    """Seen to catch a configuration without `use_username_as_clientid`: the thief came in as the daemon."""
    with source(shared.own_url(), client_id="veilleur-main-secret") as daemon:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        tablet = f"mqtts://salle-9:{PASSWORDS['salle-9']}@127.0.0.1:{shared.tablets_port}"
        thieving = replace(options(tablet, "veilleur-main-secret"), tls=context)
        with closing(Publisher(thieving, clock=now)) as thief:
            thief.publish(topic("salle-9", "notifications"), b"as myself")
            assert thief.flush(10) == ()

        assert payloads(take(daemon, 1)) == [b"as myself"]
        assert daemon.state().connections == 1


@pytest.mark.attack
def test_nobody_enters_without_an_account(shared: DeployedBroker) -> None:
    """Seen to catch `allow_anonymous true`."""
    with closing(Reader(f"mqtt://127.0.0.1:{shared.server.port}", "nobody", "veilleur/1/#")) as nobody:
        told = until(lambda: nobody.state().last_error, within_seconds=30, what="the refusal")

    assert "refused the user name or password" in told


@pytest.mark.fault
def test_what_was_queued_for_a_stopped_daemon_outlives_a_killed_broker(tmp_path: Path) -> None:
    """Seen to catch a file without `max_queued_messages 0` (not all stored) and one without `autosave_interval 1`."""
    with running_with_password_file(tmp_path / "broker") as broker:
        ours = Installation(tmp_path / "ours", settings={"VEILLEUR_MQTT_URL": broker.own_url()})
        daemon = Daemon(ours, Role.INGEST)
        daemon.start()
        daemon.stop()
        with publisher(broker.own_url("salle-9"), client_id="salle-9") as device:
            for seq in range(1, QUEUED + 1):
                device.publish(TOPIC, encoded(comment(seq)))
            assert device.flush(90) == ()
        saves_again(broker.server.folder / "mosquitto.db")
        broker.server.kill()
        broker.server.start()
        daemon.start()
        try:
            with looking_into(ours.database_url) as rows:
                until(lambda: rows.count("notifications") >= QUEUED, within_seconds=60, what="all of them stored")
                assert rows.ledger().watermarks == [QUEUED]
        finally:
            daemon.stop()


def test_the_guide_shows_the_files_that_are_tested() -> None:
    shown = {
        language: lines_of(block.lines) for block in GUIDE.blocks if (language := block.language) in {"conf", "acl"}
    }

    assert shown["acl"] == lines_of((DEPLOYED / "veilleur.acl").read_text().splitlines())
    assert shown["conf"] == lines_of((DEPLOYED / "veilleur.conf").read_text().splitlines())


def test_both_ways_differ_in_nothing_but_who_keeps_the_accounts() -> None:
    first, second = (set(lines_of((DEPLOYED / name).read_text().splitlines())) for name in CONFIGURATIONS)

    assert {line.split()[0] for line in first ^ second} == {
        "password_file",
        "acl_file",
        "plugin",
        "plugin_opt_config_file",
    }


def lines_of(lines: Sequence[str]) -> list[str]:
    """Return what mosquitto reads: neither comments nor empty lines."""
    return [line for line in lines if line and not line.startswith("#")]
