"""A broker and a daemon in small for the sources to send to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bridge.daemon_stub import ReceivingDaemon
from tests.servers.mosquitto import MosquittoServer, running_mosquitto
from tests.waiting import until
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.mqtt_url import parse_mqtt_url
from veilleur_bridge.topics import DeviceChannel
from veilleur_bridge.wire.config import AppRule, DeviceConfig, write_config

DEVICE = "salle-1"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[MosquittoServer]:
    with running_mosquitto(tmp_path / "broker") as server:
        yield server


@pytest.fixture
def daemon(broker: MosquittoServer) -> Iterator[ReceivingDaemon]:
    stub = ReceivingDaemon(MqttOptions(address=parse_mqtt_url(broker.url), client_id="daemon"), DEVICE)
    try:
        until(lambda: stub.is_up, within_seconds=30, what="the daemon is connected")
        yield stub
    finally:
        stub.close()


def allow(daemon: ReceivingDaemon, *packages: str, revision: int = 1) -> None:
    """Send the device a configuration that captures these apps."""
    config = DeviceConfig(revision=revision, apps=tuple(AppRule(package=package) for package in packages))
    daemon.publish(DeviceChannel.CONFIG, write_config(config))
