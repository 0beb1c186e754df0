"""A device over real brokers: what it captured arrives, once receipted it is trimmed, and its status says how it is."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.bridge.daemon_stub import ReceivingDaemon
from tests.bridge.spool.spooling import open_spool
from tests.servers.embedded import running_embedded_broker
from tests.servers.mosquitto import running_mosquitto
from tests.servers.scripted_broker import CONNACK_V311, running_script
from tests.waiting import until
from veilleur_bridge.captured import Captured, DropReason
from veilleur_bridge.device_program import DeviceProblem, DeviceProgram, DeviceSettings
from veilleur_bridge.drainer import Pace
from veilleur_bridge.envelope import AppInfo, EventKind, Notification, SourceInfo, SourceKind
from veilleur_bridge.errors import SpoolError
from veilleur_bridge.lost import Sender
from veilleur_bridge.mqtt.options import MqttOptions, MqttProtocol
from veilleur_bridge.mqtt_url import MqttAddress, parse_mqtt_url
from veilleur_bridge.redaction_rules import load_rules
from veilleur_bridge.spool.contents import SpoolRecord
from veilleur_bridge.topics import DeviceChannel
from veilleur_bridge.wire.config import AppRule, DeviceConfig, RedactionChoice, write_config

PROJECT = Path(__file__).parents[2]
DEVICE = "salon-1"
SHOP = AppInfo("com.whatsapp.w4b")
NOBODY = parse_mqtt_url("mqtt://127.0.0.1:9")
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
        until(lambda: daemon.is_up, within_seconds=30, what="the daemon is connected")
        yield daemon
    finally:
        daemon.close()


@contextmanager
def device_at(
    address: MqttAddress, folder: Path, config: DeviceConfig | None = CONFIG, **more: Any
) -> Iterator[DeviceProgram]:
    settings = DeviceSettings(
        sender=Sender(DEVICE, SourceInfo(SourceKind.TERMUX, "1.0.0")),
        folder=folder,
        options=options_for(address, DEVICE),
        first_config=config,
        **more,
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
    shown = Notification(
        key=f"0|{app.package}|{len(text)}", title="Nadia Exemple", text=text, when_ms=1_795_284_245_000
    )
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
        until(lambda: len(daemon.payloads) >= 1000, within_seconds=30, what="a thousand arrived")

        assert len(daemon.payloads) == 1000
        assert device.state().spool.depth == 1500
        daemon.is_silent = False
        daemon.publish_receipt(device.state().spool.epoch)

        until(lambda: device.state().spool.depth == 0, within_seconds=30, what="the rest arrived")
        assert len(daemon.payloads) == 1500


def test_a_new_round_asks_for_everything_beyond_the_receipt_again(
    addresses: tuple[MqttAddress, MqttAddress], tmp_path: Path
) -> None:
    with daemon_at(addresses[0]) as daemon, device_at(addresses[1], tmp_path / "spool") as device:
        device.offer(captured("before"))
        until(lambda: device.state().spool.depth == 0, within_seconds=30, what="the first is receipted")
        daemon.is_silent = True
        device.offer_many([captured(f"message {number}") for number in range(10)])
        until(lambda: len(daemon.payloads) == 11, within_seconds=30, what="all arrived")
        daemon.payloads = {key: payload for key, payload in daemon.payloads.items() if key[1] == 1}

        daemon.is_silent, daemon.round = False, 2
        daemon.publish_receipt(device.state().spool.epoch)

        until(lambda: device.state().spool.depth == 0, within_seconds=30, what="all are receipted")
        assert len(daemon.payloads) == 11
        assert daemon.received >= 21, "they were not sent again"


def test_what_nobody_can_read_is_answered_for_as_refused(
    addresses: tuple[MqttAddress, MqttAddress], tmp_path: Path
) -> None:
    with daemon_at(addresses[0]) as daemon, device_at(addresses[1], tmp_path / "spool") as device:
        daemon.unreadable = {2}
        device.offer_many([captured(f"message {number}") for number in range(3)])

        until(lambda: device.state().spool.depth == 0, within_seconds=30, what="all are answered for")
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
            until(lambda: daemon.statuses, within_seconds=30, what="a birth is said")

            daemon.publish(DeviceChannel.CONFIG, write_config(CONFIG))
            until(
                lambda: daemon.statuses[-1].config_revision == 3, within_seconds=30, what="the config is acknowledged"
            )

            assert device.offer(captured("in time")).seq == 1
            assert daemon.statuses[-1].dropped == {"no_config": 1}
        until(lambda: not daemon.statuses[-1].online, within_seconds=30, what="a farewell is said")
        assert daemon.statuses[-1].epoch == device.state().spool.epoch


def test_the_daemons_first_config_takes_the_place_of_what_the_device_began_with(tmp_path: Path) -> None:
    own = DeviceConfig(revision=9, apps=(AppRule(package=SHOP.package),))
    with device_at(NOBODY, tmp_path / "spool", config=own) as device:
        assert device.status().config_revision == 0
        assert device.offer(captured("wanted by itself")).seq == 1

        device.take_config(write_config(DeviceConfig(revision=1, apps=())))

        assert device.status().config_revision == 1
        assert device.offer(captured("no more")).dropped is DropReason.APP


def test_the_counts_go_on_after_a_restart_and_begin_again_with_a_new_epoch(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    for _ in range(2):
        with device_at(NOBODY, folder) as device:
            device.offer_many(
                [captured("Votre code est 482913"), captured("Bonjour"), captured("x", AppInfo("org.bank"))]
            )
            status = device.status()
    assert (status.captured, status.dropped, status.redacted) == ({SHOP.package: 4}, {"app": 2}, {"otp": 2})

    for file in folder.glob("*.spool"):
        file.unlink()
    with device_at(NOBODY, folder) as device:
        assert device.status().captured == {}


def test_ids_that_alone_are_too_long_are_answered_for_as_lost(tmp_path: Path) -> None:
    seen = captured("Bonjour")
    with device_at(NOBODY, tmp_path / "spool") as device:
        assert device.offer(replace(seen, notification=replace(seen.notification, key="k" * 300_000))).seq == 1

    (record,) = open_spool(tmp_path / "spool").read(1, 5)
    assert isinstance(record, SpoolRecord)
    assert b'"event":"lost"' in record.payload
    assert b'"reason":"oversize"' in record.payload


def test_an_older_config_is_ignored_and_an_unreadable_one_is_told(tmp_path: Path) -> None:
    with device_at(NOBODY, tmp_path / "spool", config=None) as device:
        device.take_config(write_config(CONFIG))
        device.take_config(write_config(DeviceConfig(revision=2, apps=())))
        device.take_config(b'{"v":1,"revision":4,"apps":[{}]}')

        status = device.status()
        assert (status.config_revision, device.config()) == (3, CONFIG)
        assert status.config_error == "the newest config cannot be read (32 bytes)"
        device.take_config(write_config(CONFIG))
        assert device.status().config_error is None


def test_private_numbers_are_gone_before_the_spool_as_the_config_says(tmp_path: Path) -> None:
    with device_at(NOBODY, tmp_path / "spool") as device:
        device.offer(captured("Votre code est 482913"))
        device.take_config(write_config(replace(CONFIG, revision=4, redaction=RedactionChoice(otp=False))))
        device.offer(captured("Votre code est 593024"))

        assert device.status().redacted == {"otp": 1}
    written = b"".join(file.read_bytes() for file in (tmp_path / "spool").iterdir())
    assert b"482913" not in written
    assert b"593024" in written


def test_what_fell_to_the_cap_is_told_to_the_daemon_to_the_last_one(tmp_path: Path) -> None:
    with device_at(NOBODY, tmp_path / "spool", cap_bytes=1024 * 1024) as device:
        for number in range(60):
            device.offer(captured(f"{number} " + "m" * 40_000))
        assert device.status().problems == (DeviceProblem.SPOOL_AT_CAP,)

    with running_mosquitto(tmp_path / "broker") as server, daemon_at(parse_mqtt_url(server.url)) as daemon:
        with device_at(parse_mqtt_url(server.url), tmp_path / "spool", cap_bytes=1024 * 1024) as device:
            until(lambda: device.state().spool.depth == 0, within_seconds=30, what="all is answered for")
        lost, *rest = {envelope["seq"]: envelope for envelope in daemon.envelopes()}.values()
        assert (lost["event"], lost["seq"], lost["reason"]) == ("lost", 1, "cap")
        assert [envelope["seq"] for envelope in rest] == list(range(lost["through_seq"] + 1, 61))
        assert [envelope["notification"]["text"].split()[0] for envelope in rest] == [
            str(seq - 1) for seq in range(lost["through_seq"] + 1, 61)
        ]


def test_a_device_that_is_gone_without_a_word_is_told_by_its_will(
    addresses: tuple[MqttAddress, MqttAddress], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "tests.bridge.dying_device", addresses[1].url(), str(tmp_path / "spool")]
    with daemon_at(addresses[0]) as daemon, subprocess.Popen(command, stdin=subprocess.PIPE, cwd=PROJECT) as device:
        until(lambda: daemon.statuses, within_seconds=30, what="a birth is said")
        assert daemon.statuses[-1].online

        device.communicate()

        assert device.returncode == -signal.SIGKILL
        until(lambda: not daemon.statuses[-1].online, within_seconds=30, what="the will came")


def test_a_broker_that_answers_no_more_is_left_and_sought_again(tmp_path: Path) -> None:
    hello = CONNACK_V311 + bytes.fromhex("900400010101")
    with running_script([hello] * 9) as deaf:
        address = replace(parse_mqtt_url(deaf.url), username=DEVICE)
        with device_at(address, tmp_path / "spool", pace=Pace(answer_within_s=0.2)) as device:
            device.offer(captured("Bonjour"))

            until(
                lambda: bytes(deaf.heard).count(b'"text":"Bonjour"') >= 2,
                within_seconds=30,
                what="it is sent again over another connection",
            )


def test_a_spool_put_back_from_a_copy_gives_out_no_seq_that_was_stored(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path / "broker") as server, daemon_at(parse_mqtt_url(server.url)) as daemon:
        address, folder = parse_mqtt_url(server.url), tmp_path / "spool"
        with device_at(address, folder) as device:
            device.offer(captured("first"))
            until(lambda: device.state().spool.depth == 0, within_seconds=30, what="the first is receipted")
        shutil.copytree(folder, tmp_path / "copy")
        with device_at(address, folder) as device:
            device.offer_many([captured("second"), captured("third")])
            until(lambda: device.state().spool.depth == 0, within_seconds=30, what="all are receipted")

        with device_at(address, tmp_path / "copy") as device:
            until(lambda: device.state().spool.next_seq == 4, within_seconds=30, what="it knows what is spent")
            assert device.offer(captured("fourth")).seq == 4
            until(lambda: device.state().spool.depth == 0, within_seconds=30, what="the fourth is receipted")
        assert [envelope["notification"]["text"] for envelope in daemon.envelopes()] == [
            "first",
            "second",
            "third",
            "fourth",
        ]


def test_nothing_is_taken_after_the_farewell(tmp_path: Path) -> None:
    with device_at(NOBODY, tmp_path / "spool") as device:
        pass

    with pytest.raises(SpoolError, match="closed"):
        device.offer(captured("too late"))


def test_what_the_source_reports_is_in_the_status(tmp_path: Path) -> None:
    with device_at(NOBODY, tmp_path / "spool") as device:
        device.report(["adb_unauthorized"], listener_bound=True, active={SHOP.package: 7})
        seen_at = device.status().last_callback_at
        device.report([], listener_bound=False)

        status = device.status()
        assert seen_at is not None
        assert (status.listener_bound, status.last_callback_at, status.problems) == (False, seen_at, ())


def test_the_config_and_the_spool_outlive_a_restart_without_a_broker(tmp_path: Path) -> None:
    with device_at(NOBODY, tmp_path / "spool", config=None) as device:
        device.take_config(write_config(CONFIG))
        device.offer(captured("first"))

    with device_at(NOBODY, tmp_path / "spool", config=None) as device:
        assert device.config() == CONFIG
        assert device.offer(captured("second")).seq == 2
        assert device.state().spool.depth == 2
