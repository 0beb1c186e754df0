"""A device over real brokers: what it captured arrives, once receipted it is trimmed, and its status says how it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bridge.daemon_stub import ReceivingDaemon
from tests.servers.embedded import running_embedded_broker
from tests.servers.mosquitto import running_mosquitto
from tests.waiting import until
from veilleur_bridge.captured import Captured
from veilleur_bridge.device_program import DeviceProgram, DeviceSettings
from veilleur_bridge.envelope import AppInfo, EventKind, Notification, SourceInfo, SourceKind
from veilleur_bridge.lost import Sender
from veilleur_bridge.mqtt.options import MqttOptions, MqttProtocol
from veilleur_bridge.mqtt_url import MqttAddress, parse_mqtt_url
from veilleur_bridge.redaction_rules import load_rules
from veilleur_bridge.topics import DeviceChannel
from veilleur_bridge.wire.config import AppRule, DeviceConfig, write_config

DEVICE = "salon-1"
SHOP = AppInfo("com.whatsapp.w4b")
CONFIG = DeviceConfig(revision=3, apps=(AppRule(package=SHOP.package),))


def clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(params=["mosquitto", "embedded"])
def addresses(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[MqttAddress, MqttAddress]]:
    """Give the addresses for a daemon and for the device."""
    if request.param == "mosquitto":
        with running_mosquitto(tmp_path / "broker") as server:
            yield parse_mqtt_url(server.url), parse_mqtt_url(server.url)
    else:
        with running_embedded_broker(tmp_path / "broker") as embedded:
            yield parse_mqtt_url(embedded.url), embedded.address_of(DEVICE)


@contextmanager
def daemon_at(address: MqttAddress) -> Iterator[ReceivingDaemon]:
    daemon = ReceivingDaemon(options_for(address, "daemon-1"), DEVICE)
    try:
        until(lambda: daemon.is_up, within_seconds=10, what="the daemon is connected")
        yield daemon
    finally:
        daemon.close()


@contextmanager
def device_at(address: MqttAddress, folder: Path, config: DeviceConfig | None = CONFIG) -> Iterator[DeviceProgram]:
    settings = DeviceSettings(
        sender=Sender(DEVICE, SourceInfo(SourceKind.TERMUX, "1.0.0")),
        folder=folder,
        options=options_for(address, DEVICE),
        first_config=config,
    )
    device = DeviceProgram(settings, rules=load_rules(), clock=clock)
    try:
        yield device
    finally:
        device.close()


def options_for(address: MqttAddress, client_id: str) -> MqttOptions:
    protocol = MqttProtocol.V311 if address.username else MqttProtocol.V5
    return MqttOptions(address=address, client_id=client_id, protocol=protocol, longest_pause_seconds=0.5)


def captured(text: str, app: AppInfo = SHOP) -> Captured:
    shown = Notification(key=f"0|{app.package}|{text}", title="Nadia Exemple", text=text, when_ms=1_795_284_245_000)
    return Captured(event=EventKind.POSTED, app=app, notification=shown, captured_at=clock())


def test_what_is_captured_arrives_in_order_and_is_trimmed_once_it_is_receipted(
    addresses: tuple[MqttAddress, MqttAddress], tmp_path: Path
) -> None:
    with daemon_at(addresses[0]) as daemon, device_at(addresses[1], tmp_path / "spool") as device:
        seqs = [device.offer(captured(f"message {number}")).seq for number in range(1, 3001)]

        assert seqs == list(range(1, 3001))
        until(lambda: device.state().spool.depth == 0, within_seconds=30, what="the spool is empty")
        assert [envelope["notification"]["text"] for envelope in daemon.envelopes()] == [
            f"message {number}" for number in range(1, 3001)
        ]


def test_without_a_receipt_at_most_a_thousand_are_sent_and_none_is_trimmed(
    addresses: tuple[MqttAddress, MqttAddress], tmp_path: Path
) -> None:
    with daemon_at(addresses[0]) as daemon, device_at(addresses[1], tmp_path / "spool") as device:
        daemon.is_silent = True
        device.offer_many([captured(f"message {number}") for number in range(1500)])
        until(lambda: daemon.received >= 1000, within_seconds=20, what="a thousand arrived")

        daemon.is_silent = False
        epoch = device.state().spool.epoch
        assert daemon.received == 1000
        assert device.state().spool.depth == 1500
        daemon.publish_receipt(epoch)

        until(lambda: device.state().spool.depth == 0, within_seconds=20, what="the rest arrived")
        assert daemon.received == 1500


def test_a_new_round_asks_for_everything_beyond_the_receipt_again(
    addresses: tuple[MqttAddress, MqttAddress], tmp_path: Path
) -> None:
    with daemon_at(addresses[0]) as daemon, device_at(addresses[1], tmp_path / "spool") as device:
        device.offer(captured("before"))
        until(lambda: device.state().spool.depth == 0, within_seconds=10, what="the first is receipted")
        daemon.is_silent = True
        device.offer_many([captured(f"message {number}") for number in range(10)])
        until(lambda: daemon.received == 11, within_seconds=10, what="all arrived")
        daemon.payloads = {key: payload for key, payload in daemon.payloads.items() if key[1] == 1}

        daemon.is_silent, daemon.round = False, 2
        daemon.publish_receipt(device.state().spool.epoch)

        until(lambda: device.state().spool.depth == 0, within_seconds=10, what="all are receipted")
        assert daemon.received == 21


def test_what_nobody_can_read_is_answered_for_as_refused(
    addresses: tuple[MqttAddress, MqttAddress], tmp_path: Path
) -> None:
    with daemon_at(addresses[0]) as daemon, device_at(addresses[1], tmp_path / "spool") as device:
        daemon.unreadable = {2}
        device.offer_many([captured(f"message {number}") for number in range(3)])

        until(lambda: device.state().spool.depth == 0, within_seconds=10, what="all are answered for")
        assert [(envelope["event"], envelope.get("reason")) for envelope in daemon.envelopes()] == [
            ("posted", None),
            ("lost", "refused"),
            ("posted", None),
        ]


def test_the_status_tells_of_birth_config_and_farewell(
    addresses: tuple[MqttAddress, MqttAddress], tmp_path: Path
) -> None:
    with daemon_at(addresses[0]) as daemon:
        with device_at(addresses[1], tmp_path / "spool", config=None) as device:
            assert device.offer(captured("too early")).seq is None
            until(lambda: daemon.statuses, within_seconds=10, what="a birth is said")

            daemon.publish(DeviceChannel.CONFIG, write_config(CONFIG))
            until(
                lambda: daemon.statuses[-1].config_revision == 3, within_seconds=10, what="the config is acknowledged"
            )

            assert device.offer(captured("in time")).seq == 1
            assert daemon.statuses[-1].dropped == {"no_config": 1}
        until(lambda: not daemon.statuses[-1].online, within_seconds=10, what="a farewell is said")
        assert daemon.statuses[-1].epoch == device.state().spool.epoch


def test_the_config_and_the_spool_outlive_a_restart_without_a_broker(tmp_path: Path) -> None:
    nobody = parse_mqtt_url("mqtt://127.0.0.1:9")
    with device_at(nobody, tmp_path / "spool", config=None) as device:
        device.take_config(write_config(CONFIG))
        device.offer(captured("first"))

    with device_at(nobody, tmp_path / "spool", config=None) as device:
        assert device.config() == CONFIG
        assert device.offer(captured("second")).seq == 2
        assert device.state().spool.depth == 2
