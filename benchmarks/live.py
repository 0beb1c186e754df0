"""Drains a broker's backlog through the full line, and by `mosquitto_sub -q 1` into a file as the ceiling."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from tests.servers.mosquitto import running_mosquitto
from tests.waiting import until
from veilleur.app.clock import utc_now
from veilleur.app.ingesting import running_ingest
from veilleur.app.opening import open_store
from veilleur.app.settings import load_settings
from veilleur.store.facts import client_id
from veilleur.store.receipts import StoredReceipts
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.mqtt_url import MqttAddress, parse_mqtt_url
from veilleur_bridge.publish import Publisher
from veilleur_bridge.sources.mqtt import MqttSource
from veilleur_bridge.topics import DeviceChannel, device_filter, device_topic

_WITHIN_S: Final = 300.0
_CEILING_ID: Final = "ceiling"
_DEVICE: Final = "bench-1"
_FILTER: Final = device_filter(DeviceChannel.NOTIFICATIONS)


@dataclass(frozen=True, slots=True)
class LiveResult:
    """Messages a second through the line, and through `mosquitto_sub` alone."""

    count: int
    line_rate: float
    ceiling_rate: float

    @property
    def ratio(self) -> float:
        """The line's rate as a part of the ceiling's."""
        return self.line_rate / self.ceiling_rate


def measure_live(log: Path, count: int, folder: Path) -> LiveResult:
    """Queue the log's lines for both subscribers while they are away, then let each drain its own queue."""
    with running_mosquitto(folder, persistence=False, extra="max_inflight_messages 1000") as broker:
        settings = load_settings(data_dir=folder / "data", mqtt_url=broker.url)
        database = open_store(settings)
        address = parse_mqtt_url(broker.url)
        _register(address, client_id(database, settings.daemon_name))
        _register_ceiling(broker.port)
        _publish(address, log)
        ceiling_s = _drain_ceiling(broker.port, count, folder / "payloads")
        receipts = StoredReceipts(database)
        began = time.monotonic()
        with running_ingest(settings, database, address):
            until(lambda: _stored(receipts) >= count, within_seconds=_WITHIN_S, what="all is stored")
            line_s = time.monotonic() - began
    database.close()
    return LiveResult(count, count / line_s, count / ceiling_s)


def _stored(receipts: StoredReceipts) -> int:
    """Return how far the device's receipt reaches: one row, where a count of all would slow what it measures."""
    receipt = receipts.receipts_for({_DEVICE}).get(_DEVICE)
    return receipt.through_seq if receipt else 0


def _register(address: MqttAddress, name: str) -> None:
    """Leave a session behind whose queue the broker fills."""
    options = MqttOptions(address=address, client_id=name, subscriptions=(_FILTER,), session_kept=timedelta(days=1))
    source = MqttSource(options, clock=utc_now)
    _wait(lambda: source.state().is_up)
    source.close()


def _register_ceiling(port: int) -> None:
    command = [*_ceiling(port), "-E"]
    subprocess.run(command, check=True, timeout=_WITHIN_S)


def _publish(address: MqttAddress, log: Path) -> None:
    publisher = Publisher(MqttOptions(address=address, client_id="bench-publisher"), clock=utc_now)
    topic = device_topic(_DEVICE, DeviceChannel.NOTIFICATIONS)
    with log.open("rb") as lines:
        for line in lines:
            publisher.publish(topic, line.rstrip(b"\n"))
    publisher.flush(_WITHIN_S)
    publisher.close()


def _drain_ceiling(port: int, count: int, into: Path) -> float:
    began = time.monotonic()
    with into.open("wb") as file:
        subprocess.run([*_ceiling(port), "-C", str(count)], stdout=file, check=True, timeout=_WITHIN_S)
        os.fsync(file.fileno())
    return time.monotonic() - began


def _ceiling(port: int) -> list[str]:
    return ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(port), "-i", _CEILING_ID, "-c", "-q", "1", "-t", _FILTER]


def _wait(look: Callable[[], bool]) -> None:
    until(look, within_seconds=_WITHIN_S, what="the broker answers")
