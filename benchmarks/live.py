"""Drains a broker's backlog through the full line, and by `mosquitto_sub -q 1` into a file as the ceiling."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.memory import family_mib, watched_mib
from tests.servers.daemon import Daemon, Installation, Role
from tests.servers.mosquitto import running_mosquitto
from tests.waiting import until
from veilleur.app.clock import utc_now
from veilleur.store.database import Database
from veilleur.store.receipts import StoredReceipts
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.mqtt_url import parse_mqtt_url
from veilleur_bridge.publish import Publisher
from veilleur_bridge.topics import DeviceChannel, device_filter, device_topic

_WITHIN_S: Final = 900.0
_CEILING_ID: Final = "ceiling"
_DEVICE: Final = "bench-1"
_FILTER: Final = device_filter(DeviceChannel.NOTIFICATIONS)


@dataclass(frozen=True, slots=True)
class LiveResult:
    """Messages a second through the line and through `mosquitto_sub` alone, and memory of the line's processes."""

    count: int
    line_rate: float
    ceiling_rate: float
    started_mib: float
    peak_mib: float

    @property
    def ratio(self) -> float:
        """The line's rate as a part of the ceiling's."""
        return self.line_rate / self.ceiling_rate

    @property
    def growth_mib(self) -> float:
        """What the backlog cost in memory."""
        return self.peak_mib - self.started_mib


def measure_live(log: Path, count: int, folder: Path) -> LiveResult:
    """Queue the log's lines for both subscribers while they are away, then let each drain its own queue.

    The line is `veilleur ingest` as a person runs it, its start included.
    """
    with running_mosquitto(folder, persistence=False, extra="max_inflight_messages 1000") as broker:
        daemon = Daemon(Installation(folder, settings={"VEILLEUR_MQTT_URL": broker.url}), Role.INGEST)
        daemon.start()
        started_mib = family_mib(daemon.pid)
        daemon.stop()
        subprocess.run([*_ceiling(broker.port), "-E"], check=True, timeout=_WITHIN_S)
        _publish(broker.url, log)
        ceiling_s = _drain_ceiling(broker.port, count, folder / "payloads")
        line_s, peak_mib = _drain_line(daemon, count)
    return LiveResult(count, count / line_s, count / ceiling_s, started_mib, peak_mib)


def _drain_line(daemon: Daemon, count: int) -> tuple[float, float]:
    with closing(Database(daemon.installation.database_url)) as database:
        receipts = StoredReceipts(database)
        began = time.monotonic()
        daemon.launch()
        try:
            with watched_mib(daemon.pid) as seen:
                until(lambda: _stored(receipts) >= count, within_seconds=_WITHIN_S, what="all is stored")
                line_s = time.monotonic() - began
        finally:
            daemon.stop()
    return line_s, max(seen)


def _stored(receipts: StoredReceipts) -> int:
    """Return how far the device's receipt reaches: one row, where a count of all would slow what it measures."""
    receipt = receipts.receipts_for({_DEVICE}).get(_DEVICE)
    return receipt.through_seq if receipt else 0


def _publish(url: str, log: Path) -> None:
    publisher = Publisher(MqttOptions(address=parse_mqtt_url(url), client_id="bench-publisher"), clock=utc_now)
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
