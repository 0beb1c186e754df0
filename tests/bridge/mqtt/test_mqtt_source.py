"""The live source against a real mosquitto: nothing is acknowledged before it is stored, nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bridge.mqtt.mqtt_parts import down, now, options, payloads, publish_all, source, store, take, up
from tests.servers.mosquitto import MosquittoServer, running_mosquitto
from tests.servers.ports import free_port
from tests.servers.scripted_broker import CONNACK_V311, PUBACK_OF_FIRST, SUBACK_V311, running_script
from tests.waiting import until
from veilleur_bridge.broker_canary import make_canary
from veilleur_bridge.mqtt.options import MqttProtocol
from veilleur_bridge.sources.mqtt import MqttCount, MqttSource
from veilleur_bridge.topics import NAMELESS_DEVICE

pytestmark = pytest.mark.fault


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MosquittoServer]:
    """One broker for the tests that do not kill it; each uses a client id of its own."""
    with running_mosquitto(tmp_path_factory.mktemp("mosquitto")) as broker:
        yield broker


def numbered(prefix: str, count: int) -> list[bytes]:
    return [f"{prefix} {number}".encode() for number in range(count)]


@pytest.mark.parametrize("protocol", MqttProtocol)
def test_what_was_not_acknowledged_comes_again_after_a_reconnect(
    shared: MosquittoServer, protocol: MqttProtocol
) -> None:
    """Seen to catch `manual_ack=False` (paho acks by itself: nothing came again)."""
    client_id, sent = f"again-{protocol}", numbered(protocol, 5)
    with source(shared.url, client_id=client_id, protocol=protocol) as first:
        publish_all(shared.url, sent)
        taken = take(first, 5)
        first.acknowledge([taken[1], taken[3]])

    with source(shared.url, client_id=client_id, protocol=protocol) as second:
        again = take(second, 3)
        second.acknowledge(again)

    assert payloads(taken) == sent
    assert sorted(payloads(again)) == [sent[0], sent[2], sent[4]]


def test_two_thousand_messages_are_acknowledged_once_each_and_none_comes_again(shared: MosquittoServer) -> None:
    """Seen to catch a `_send_acks` that sends nothing: it came to rest at the broker's window."""
    sent = numbered("burst", 2_000)
    with source(shared.url, client_id="burst") as first:
        publish_all(shared.url, sent)
        stored = store(first, len(sent))

    assert payloads(stored) == sent
    assert first.counts()[MqttCount.ACKNOWLEDGED] == len(sent)
    with source(shared.url, client_id="burst") as second:
        publish_all(shared.url, [b"the next"])
        assert payloads(take(second, 1)) == [b"the next"]


def test_an_ack_for_a_lost_session_is_dropped_instead_of_acking_a_new_message(tmp_path: Path) -> None:
    """Seen to catch `_send_acks` without the comparison of generations: the old token acked the new message."""
    with running_mosquitto(tmp_path, persistence=False) as broker, source(broker.url) as opened:
        publish_all(broker.url, [b"of the lost session"])
        (old,) = take(opened, 1)
        broker.kill()
        broker.start()
        until(lambda: opened.state().connections > 1, within_seconds=30, what="a second connection")
        up(opened.state)
        publish_all(broker.url, [b"of the new session"])
        (new,) = take(opened, 1)
        assert old.ack is not None
        assert new.ack is not None
        assert old.ack.message_id == new.ack.message_id, "the trap needs the same message id"

        opened.acknowledge([old])
        until(lambda: opened.counts()[MqttCount.STALE_ACK], within_seconds=30, what="the stale ack is counted")
        opened.close()

        with source(broker.url) as again:
            assert payloads(take(again, 1)) == [b"of the new session"]


def test_a_killed_broker_is_noticed_and_used_again_once_it_is_back(tmp_path: Path) -> None:
    """Seen to catch a `_run` that leaves its loop at the first BrokerError."""
    with running_mosquitto(tmp_path) as broker, source(broker.url) as opened:
        broker.kill()
        assert "no broker answers" in (down(opened.state, "no broker answers").last_error or "")

        broker.start()
        up(opened.state)
        publish_all(broker.url, [b"after the kill"])
        assert payloads(take(opened, 1)) == [b"after the kill"]


def test_a_broker_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    """Seen to catch a connect in the constructor that raises."""
    port = free_port()
    with closing(MqttSource(options(f"mqtt://127.0.0.1:{port}", "early"), clock=now)) as opened:
        down(opened.state, "no broker answers")
        assert opened.take(10, 0) == []

        with running_mosquitto(tmp_path, port=port):
            up(opened.state)


def test_a_wrong_password_is_told_as_such_and_without_the_password(tmp_path: Path) -> None:
    """Seen to catch `_take_greeting` without its check of the reason code (up, though refused)."""
    with running_mosquitto(tmp_path, users={"daemon": "right"}) as broker:
        wrong = f"mqtt://daemon:hunter2@127.0.0.1:{broker.port}"
        with closing(MqttSource(options(wrong, "daemon"), clock=now)) as opened:
            told = down(opened.state, "the broker refused the user name or password").last_error or ""

    assert "VEILLEUR_MQTT_URL" in told
    assert "hunter2" not in told


def test_what_is_too_much_is_not_read_and_comes_later(tmp_path: Path) -> None:
    """Version 2.0.11 of mosquitto sends its whole queue after the first PUBACK, whatever the window.

    Seen to catch a `hold_back` that does nothing: the flood came.
    """
    sent = numbered("room", 3_000)
    with running_mosquitto(tmp_path) as broker:
        with source(broker.url, client_id="small"):
            pass
        publish_all(broker.url, sent)
        with source(broker.url, client_id="small", held=20) as opened:
            first = take(opened, 20)
            opened.acknowledge(first)
            until(lambda: opened.counts()[MqttCount.HELD_BACK], within_seconds=30, what="it holds back")
            with pytest.raises(AssertionError):
                until(lambda: opened.counts()[MqttCount.RECEIVED] > 1_500, within_seconds=2, what="a flood")
            stored = first + store(opened, len(sent) - len(first))

    assert payloads(stored) == sent


def test_a_connection_that_is_held_back_for_long_is_kept(tmp_path: Path) -> None:
    """Seen to catch a `_say_quiet_word` that says nothing: the broker had ended it, and sent the first again."""
    sent = numbered("slow", 60)
    with running_mosquitto(tmp_path) as broker:
        impatient = replace(options(broker.url, "slow"), keepalive_seconds=2)
        with closing(MqttSource(impatient, clock=now, held=5)) as opened:
            up(opened.state)
            publish_all(broker.url, sent)
            began = time.monotonic()
            until(lambda: time.monotonic() - began > 8, within_seconds=30, what="four times the keepalive is over")
            assert payloads(store(opened, len(sent))) == sent
            publish_all(broker.url, [b"last"])
            assert payloads(take(opened, 1)) == [b"last"]
            assert opened.state().connections == 1


def test_a_message_id_used_again_after_its_ack_is_a_new_message() -> None:
    """Seen to catch an `_in_hand` that acks do not empty: from the 65,536th message on all would be passed over."""
    first, second = (bytes.fromhex("320b") + b"\0\x06a/b/c/\0\x01" + letter for letter in (b"1", b"2"))
    with (
        running_script([CONNACK_V311 + SUBACK_V311 + first]) as scripted,
        source(scripted.url, protocol=MqttProtocol.V311) as opened,
    ):
        opened.acknowledge(take(opened, 1))
        until(lambda: PUBACK_OF_FIRST in scripted.heard, within_seconds=30, what="the first is acknowledged")
        scripted.say(second)
        assert payloads(take(opened, 1)) == [b"2"]


def test_a_delivery_says_when_and_from_which_device_it_came(shared: MosquittoServer) -> None:
    before = now()
    with source(shared.url, client_id="says") as opened:
        publish_all(shared.url, [b"\xff\x00 not text"], "veilleur/1/devices/shop-tablet/notifications")
        (delivery,) = take(opened, 1)

    assert delivery.payload == b"\xff\x00 not text"
    assert delivery.topic_device == "shop-tablet"
    assert delivery.origin == "mqtt"
    assert before <= delivery.received_at <= now()


def test_a_broker_canary_is_acknowledged_and_passed_over(shared: MosquittoServer) -> None:
    """Seen to catch a `_receive` that takes it for a notification (it would be a dead letter)."""
    canary = make_canary()
    with source(shared.url, client_id="canaries") as first:
        publish_all(shared.url, [canary, canary + b"0", b"the next"])
        assert payloads(store(first, 2)) == [canary + b"0", b"the next"]
        assert first.counts()[MqttCount.CANARY] == 1
    with source(shared.url, client_id="canaries") as second:
        publish_all(shared.url, [b"the last"])
        assert payloads(take(second, 1)) == [b"the last"]


def test_a_topic_that_names_no_valid_device_never_passes_for_a_log_line(shared: MosquittoServer) -> None:
    with source(shared.url, client_id="names") as opened:
        publish_all(shared.url, [b"x"], "veilleur/1/devices/No Such/notifications")
        (delivery,) = take(opened, 1)

    assert delivery.topic_device == NAMELESS_DEVICE


def test_it_speaks_over_a_websocket(tmp_path: Path) -> None:
    port = free_port()
    extra = f"listener {port} 127.0.0.1\nprotocol websockets\nallow_anonymous true"
    with running_mosquitto(tmp_path, extra=extra) as broker, source(f"ws://127.0.0.1:{port}") as opened:
        publish_all(broker.url, numbered("framed", 200))
        assert payloads(take(opened, 200)) == numbered("framed", 200)
