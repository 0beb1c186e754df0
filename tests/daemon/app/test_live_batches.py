"""Live batches: read by a process of its own, which is started again when it is lost, and nothing is lost with it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.architecture.source_file import PROJECT
from tests.bridge.envelopes import good_envelope, payload_of
from tests.servers.mosquitto import running_mosquitto
from tests.waiting import until
from veilleur.app.clock import utc_now
from veilleur.app.live_batches import LiveBatches
from veilleur.app.reading_apart import reading_task
from veilleur.app.reading_messages import BrokerChoice
from veilleur.app.settings import load_settings
from veilleur.ingest.batches import ReadBatch
from veilleur_bridge.mqtt.options import MqttOptions, MqttProtocol
from veilleur_bridge.mqtt_url import MqttAddress, parse_mqtt_url
from veilleur_bridge.publish import Publisher
from veilleur_bridge.topics import DeviceChannel, device_topic

SOON = 60.0
DEVICE = "salon-1"
CRASHING = PROJECT / "tests" / "faults" / "crashing"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[MqttAddress]:
    with running_mosquitto(tmp_path) as running:
        yield parse_mqtt_url(running.url)


@pytest.fixture
def live(broker: MqttAddress, bare: Path) -> Iterator[LiveBatches]:
    choice = BrokerChoice(broker, "veilleur-test", MqttProtocol.V5)
    with closing(LiveBatches(reading_task(load_settings(data_dir=bare), choice))) as batches:
        until(lambda: batches.take(0.1) is None and batches.state().is_up, within_seconds=SOON, what="it is connected")
        yield batches


def publish(broker: MqttAddress, *seqs: int) -> None:
    with closing(Publisher(MqttOptions(address=broker, client_id="tablet"), clock=utc_now)) as publisher:
        for seq in seqs:
            tree = good_envelope(id=f"0192f0c1-7b7e-7c1e-8f3a-{seq:012}", seq=seq, device=DEVICE)
            publisher.publish(device_topic(DEVICE, DeviceChannel.NOTIFICATIONS), payload_of(tree))
        publisher.flush(SOON)


def next_batch(live: LiveBatches) -> ReadBatch:
    return until(lambda: live.take(0.1), within_seconds=SOON, what="a batch")


def seqs_of(batch: ReadBatch) -> list[int | None]:
    return [one.place.seq if one.place else None for one in batch.arrivals]


def reading_process() -> psutil.Process:
    [process] = [one for one in psutil.Process().children() if "veilleur.app.reading_process" in one.cmdline()]
    return process


def test_a_batch_that_was_answered_does_not_come_again_and_one_that_was_not_does(
    live: LiveBatches, broker: MqttAddress
) -> None:
    publish(broker, 1)
    answered = next_batch(live)
    assert seqs_of(answered) == [1]
    live.acknowledge(answered.number)
    publish(broker, 2)
    assert seqs_of(next_batch(live)) == [2]
    reading_process().kill()
    assert seqs_of(next_batch(live)) == [2]


@pytest.mark.fault
def test_a_killed_reading_process_is_told_and_started_again(live: LiveBatches, broker: MqttAddress) -> None:
    reading_process().kill()
    until(lambda: live.take(0.1) is None and not live.state().is_up, within_seconds=SOON, what="its loss is told")
    assert "started again" in str(live.state().last_error)
    until(lambda: live.take(0.1) is None and live.state().is_up, within_seconds=SOON, what="it is back")
    publish(broker, 1)
    assert seqs_of(next_batch(live)) == [1]


@pytest.mark.fault
def test_a_reading_process_that_says_nothing_any_more_is_replaced(live: LiveBatches, broker: MqttAddress) -> None:
    """Trial 36: seen to fail with the look at the last word taken out of `take`: the batch never came."""
    silent = reading_process()
    os.kill(silent.pid, signal.SIGSTOP)
    publish(broker, 1)
    assert seqs_of(until(lambda: live.take(0.5), within_seconds=90, what="the batch comes by another")) == [1]
    assert not silent.is_running()


@pytest.mark.fault
def test_a_slow_computer_has_time_to_start_it(broker: MqttAddress, bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken line: `take` that waits for the first word no longer than for another.

    It reported "not within 60 s: it is connected": each was replaced while it still began.
    """
    monkeypatch.setenv("PYTHONPATH", str(CRASHING))
    monkeypatch.setenv("SLOW_AT", "call:app/collecting.py:collect_seldom:4")
    choice = BrokerChoice(broker, "veilleur-slow", MqttProtocol.V5)
    with closing(LiveBatches(reading_task(load_settings(data_dir=bare), choice), silent_after_s=2.5)) as batches:
        until(lambda: batches.take(0.1) is None and batches.state().is_up, within_seconds=SOON, what="it is connected")


def test_that_it_is_connected_is_told_before_the_first_batch(broker: MqttAddress, bare: Path) -> None:
    """A batch whose commit failed hid that the broker was there: receipts never began.

    Seen to catch batches that are sent before the connection was up.
    """
    choice = BrokerChoice(broker, "veilleur-first", MqttProtocol.V5)
    task = reading_task(load_settings(data_dir=bare), choice)
    with closing(LiveBatches(task)) as batches:
        until(lambda: batches.take(0.1) is None and batches.state().is_up, within_seconds=SOON, what="it is connected")
    publish(broker, *range(1, 50))
    with closing(LiveBatches(task)) as batches:
        next_batch(batches)
        assert batches.state().is_up


def test_a_closed_one_leaves_no_process_behind(live: LiveBatches) -> None:
    left = reading_process()
    live.close()
    assert not left.is_running()
