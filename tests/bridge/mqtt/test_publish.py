"""The publisher against a real mosquitto: in order, bounded, and each message answered for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bridge.mqtt.mqtt_parts import SOON_SECONDS, TOPIC, payloads, publisher, source, store
from tests.servers.mosquitto import MosquittoServer, running_mosquitto
from tests.servers.ports import free_port
from tests.servers.scripted_broker import CONNACK_V5, running_script
from tests.waiting import until
from veilleur_bridge.errors import BrokerError


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MosquittoServer]:
    with running_mosquitto(tmp_path_factory.mktemp("mosquitto")) as broker:
        yield broker


def test_messages_arrive_in_the_order_they_were_published(shared: MosquittoServer) -> None:
    sent = [f"ordered {number}".encode() for number in range(1_000)]
    with source(shared.url, client_id="ordered") as opened, publisher(shared.url, window=50) as device:
        assert [device.publish(TOPIC, payload) for payload in sent] == list(range(1, 1_001))
        assert device.flush(SOON_SECONDS) == ()
        assert payloads(store(opened, len(sent))) == sent


@pytest.mark.fault
def test_what_a_broker_took_and_never_answered_is_sent_again(tmp_path: Path) -> None:
    """Seen to catch a `connection_over` that only forgets what was sent: flush returned and nothing arrived."""
    sent = [f"unanswered {number}".encode() for number in range(20)]
    with running_mosquitto(tmp_path) as broker:
        with source(broker.url):
            pass
        broker.stop()
        with publisher(broker.url) as device:
            with running_script([CONNACK_V5], port=broker.port) as dead_end:
                for payload in sent:
                    device.publish(TOPIC, payload)
                until(lambda: sent[-1] in dead_end.heard, within_seconds=30, what="everything was sent")
            broker.start()
            assert device.flush(SOON_SECONDS) == ()

        with source(broker.url) as opened:
            assert payloads(store(opened, len(sent))) == sent


def test_a_refused_message_is_reported_with_its_number_and_reason(tmp_path: Path) -> None:
    """Seen to catch an `_answered` that ignores the PUBACK's reason code."""
    rules = "user rio\ntopic write veilleur/1/devices/rio/notifications\n"
    with (
        running_mosquitto(tmp_path, users={"rio": "secret"}, access_rules=rules) as broker,
        publisher(broker.url) as device,
    ):
        device.publish(TOPIC, b"mine")
        device.publish("veilleur/1/devices/lea/notifications", b"another's")
        refusals = device.flush(SOON_SECONDS)
        assert device.flush(SOON_SECONDS) == (), "a refusal is reported once"

    (refusal,) = refusals
    assert (refusal.number, refusal.topic) == (2, "veilleur/1/devices/lea/notifications")
    assert "authorized" in refusal.reason.lower()


def test_without_a_broker_it_holds_the_window_and_then_says_why_it_waits() -> None:
    """Seen to catch a `publish` that does not wait for room (memory without bound)."""
    with publisher(f"mqtt://127.0.0.1:{free_port()}", window=3) as device:
        for _ in range(3):
            device.publish(TOPIC, b"held")

        with pytest.raises(BrokerError, match="no broker answers"):
            device.publish(TOPIC, b"one too many", timeout_seconds=1.0)
        with pytest.raises(BrokerError, match="3 messages were not taken"):
            device.flush(0.1)


@pytest.mark.parametrize("topic", ["", "veilleur/+/x", "veilleur/#", "a\0b"])
def test_a_topic_that_nobody_can_publish_to_is_refused_at_once(shared: MosquittoServer, topic: str) -> None:
    with publisher(shared.url) as device, pytest.raises(BrokerError, match="nothing can be published"):
        device.publish(topic, b"x")
