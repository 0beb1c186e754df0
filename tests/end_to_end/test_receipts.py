"""A device learns within a second what is stored, from a topic that is there for it whenever it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.bridge.mqtt.mqtt_parts import publish_all
from tests.bridge.mqtt.receipt_topic import receipts_of
from tests.end_to_end.made_envelopes import DEVICE, EPOCH, TOPIC, comment, encoded
from tests.faults.granted import granted_seconds
from tests.servers.daemon import Daemon, running_daemon
from tests.servers.mosquitto import running_mosquitto

WITHIN_SECONDS = 1.0
Over = Callable[[Path], AbstractContextManager[tuple[Daemon, str]]]


@contextmanager
def over_embedded(folder: Path) -> Iterator[tuple[Daemon, str]]:
    with running_daemon(folder) as daemon:
        yield daemon, daemon.installation.broker().url()


@contextmanager
def over_mosquitto(folder: Path) -> Iterator[tuple[Daemon, str]]:
    with (
        running_mosquitto(folder / "mosquitto") as broker,
        running_daemon(folder, VEILLEUR_MQTT_URL=broker.url) as daemon,
    ):
        yield daemon, broker.url


@pytest.mark.parametrize("over", [over_embedded, over_mosquitto])
def test_a_receipt_stands_within_a_second_and_a_restart_begins_a_round(over: Over, tmp_path: Path) -> None:
    with over(tmp_path) as (daemon, url):
        began = time.monotonic()
        publish_all(url, [encoded(comment(1)), encoded(comment(2))], TOPIC)
        with receipts_of(url, DEVICE) as topic:
            first = topic.through(2)
            took = time.monotonic() - began
        daemon.restart()
        with receipts_of(url, DEVICE) as topic:
            second = topic.awaited(lambda one: one.round > first.round, "the next round")

    assert took <= granted_seconds(WITHIN_SECONDS)
    assert (second.store, second.round, second.epoch, second.through_seq) == (first.store, first.round + 1, EPOCH, 2)
