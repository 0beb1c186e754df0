"""A link outlives whatever a broker, a network or our own code does to it, and says how it is."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Self

import pytest

from tests.bridge.mqtt.mqtt_parts import down, now, options, payloads, publish_all, source, take, up
from tests.servers.mosquitto import MosquittoServer, running_mosquitto
from tests.servers.scripted_broker import CONNACK_V311, DISCONNECT_V311, SUBACK_V311, running_script
from tests.waiting import until
from veilleur_bridge.mqtt.link import FIRST_DELAY_SECONDS
from veilleur_bridge.mqtt.options import MqttProtocol
from veilleur_bridge.mqtt_url import parse_mqtt_url
from veilleur_bridge.sources.mqtt import MqttSource

pytestmark = pytest.mark.fault
ALIKE_SECONDS = 0.05


class FaultyClock:
    """Tells the time, except when armed: then it raises once, on the link's own thread."""

    def __init__(self) -> None:
        self.armed: BaseException | None = None

    def __call__(self) -> datetime:
        fault, self.armed = self.armed, None
        if fault is not None:
            raise fault
        return now()


class HangingUp:
    """Takes every call and ends it at once, remembering when it came."""

    def __init__(self) -> None:
        self.called_at: list[float] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                self.called_at.append(time.monotonic())
                line.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MosquittoServer]:
    with running_mosquitto(tmp_path_factory.mktemp("mosquitto")) as broker:
        yield broker


def test_an_error_of_our_own_is_contained_counted_and_loses_nothing(shared: MosquittoServer) -> None:
    """Seen to catch a `_run` that catches BrokerError only: the thread died and nothing came."""
    clock = FaultyClock()
    with source(shared.url, client_id="contained", clock=clock) as opened:
        clock.armed = RuntimeError("a fault in our own code")
        publish_all(shared.url, [b"comes all the same"])

        assert payloads(take(opened, 1)) == [b"comes all the same"]
        assert opened.state().contained_errors == 1
        assert opened.state().connections >= 2


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_dead_thread_counts_as_down_and_the_next_take_revives_it(shared: MosquittoServer) -> None:
    """Seen to catch a `state` without `is_alive` and a `take` without `revive`."""
    clock = FaultyClock()
    with source(shared.url, client_id="revived", clock=clock) as opened:
        clock.armed = SystemExit()
        publish_all(shared.url, [b"after the death"])
        until(lambda: not opened.state().is_up, within_seconds=30, what="the death shows")

        assert payloads(take(opened, 1)) == [b"after the death"]
        up(opened.state)


def test_a_broker_that_moved_is_followed(shared: MosquittoServer, tmp_path: Path) -> None:
    """Seen to catch a `_hold_one_connection` that does not ask for the whereabouts again."""
    with running_mosquitto(tmp_path) as second:
        places = [second.url]
        moving = replace(options("mqtt://127.0.0.1:1", "follows"), whereabouts=lambda: parse_mqtt_url(places[-1]))
        with closing(MqttSource(moving, clock=now)) as opened:
            up(opened.state)
            places.append(shared.url)
            second.stop()
            until(lambda: opened.state().connections > 1 and opened.state().is_up, within_seconds=30, what="it follows")
            publish_all(shared.url, [b"at the new place"])

            assert payloads(take(opened, 1)) == [b"at the new place"]


def test_a_listener_that_never_answers_is_given_up_and_named() -> None:
    """Seen to catch a `turn` without its deadline."""
    with running_script([]) as silent:
        impatient = replace(options(silent.url, "impatient"), handshake_seconds=0.2)
        with closing(MqttSource(impatient, clock=now)) as opened:
            down(opened.state, "does not answer as an MQTT broker")
            until(lambda: silent.connections >= 2, within_seconds=30, what="it is tried again")


@pytest.mark.parametrize(
    "rubbish",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        CONNACK_V311 + b"\x32\x02\xff\xff",
        CONNACK_V311 + b"\x90\x03\x00",
        CONNACK_V311 + b"\xff\xff\xff\xff\xff\xff",
        b"\x20\x00",
    ],
)
def test_rubbish_from_a_broker_never_leaves_a_dead_thread(rubbish: bytes) -> None:
    """Seen to catch a `_run` that ends with its first BrokerError (paho calls each of these a protocol error)."""
    with running_script([rubbish, CONNACK_V311]) as scripted:
        impatient = replace(options(scripted.url, "tough", protocol=MqttProtocol.V311), handshake_seconds=0.3)
        with closing(MqttSource(impatient, clock=now)) as opened:
            until(lambda: opened.state().connections >= 2, within_seconds=30, what="a second connection")


def test_a_silent_line_is_noticed_by_the_keepalive() -> None:
    """Seen to catch a `_move` without `loop_misc`."""
    with running_script([CONNACK_V311 + SUBACK_V311]) as silent:
        quick = replace(options(silent.url, "silent", protocol=MqttProtocol.V311), keepalive_seconds=1)
        with closing(MqttSource(quick, clock=now)) as opened:
            up(opened.state)
            down(opened.state, "lost the broker")


@pytest.mark.parametrize("protocol", MqttProtocol)
def test_a_half_open_line_is_noticed_and_replaced(tmp_path: Path, protocol: MqttProtocol) -> None:
    """Seen to catch a `_move` without `loop_misc`: a frozen broker's kernel goes on taking bytes, and nothing came."""
    with running_mosquitto(tmp_path) as broker:
        quick = replace(options(broker.url, "half-open", protocol=protocol), keepalive_seconds=1)
        with closing(MqttSource(quick, clock=now)) as opened:
            up(opened.state)
            os.kill(broker.pid, signal.SIGSTOP)
            try:
                down(opened.state, "lost the broker")
            finally:
                os.kill(broker.pid, signal.SIGCONT)
            up(opened.state)
            publish_all(broker.url, [b"over a new line"])
            assert payloads(take(opened, 1)) == [b"over a new line"]


def test_each_failure_makes_it_wait_longer_and_no_two_wait_alike() -> None:
    """Seen to catch a `_next_delay_seconds` that always waits the first delay, and one without its chance."""
    with ExitStack() as stack:
        brokers = [stack.enter_context(HangingUp()) for _ in range(6)]
        for broker in brokers:
            stack.enter_context(closing(MqttSource(options(broker.url, "patient"), clock=now)))
        until(lambda: all(len(one.called_at) >= 5 for one in brokers), within_seconds=30, what="five attempts each")
        waits = [[later - earlier for earlier, later in pairwise(broker.called_at[:5])] for broker in brokers]

    least = [FIRST_DELAY_SECONDS * 2**number / 2 for number in range(4)]
    assert all(wait >= shortest for each in waits for wait, shortest in zip(each, least, strict=True)), waits
    last = [each[-1] for each in waits]
    assert max(last) - min(last) > ALIKE_SECONDS, last


def test_closing_waits_until_the_broker_has_read_everything() -> None:
    """Seen to catch a `close` that does not linger: on mosquitto up to 899 acknowledged messages came again."""
    with running_script([CONNACK_V311 + SUBACK_V311], keeps_line=True) as slow:
        opened = MqttSource(options(slow.url, "lingers", protocol=MqttProtocol.V311), clock=now)
        up(opened.state)
        leaving = threading.Thread(target=opened.close)
        leaving.start()
        until(lambda: slow.heard.endswith(DISCONNECT_V311), within_seconds=30, what="DISCONNECT is heard")
        leaving.join(0.3)
        assert leaving.is_alive(), "it left before the broker had ended the line"

        slow.hang_up()
        leaving.join(30)
        assert not leaving.is_alive()


def test_an_outage_is_dated(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker, source(broker.url) as opened:
        since_up = opened.state().since_at
        before_kill = now()
        broker.kill()
        outage = down(opened.state, "broker")

    assert since_up <= before_kill <= outage.since_at <= now()
