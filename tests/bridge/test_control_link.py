"""The control link over real brokers: the newest of each topic stands there, and what devices say is heard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from tests.bridge.mqtt.mqtt_parts import SOON_SECONDS, Reader, down, now, options, publisher, up
from tests.servers.embedded import running_embedded_broker
from tests.servers.mosquitto import MosquittoServer, running_mosquitto
from tests.waiting import until
from veilleur_bridge.control_link import ControlLink
from veilleur_bridge.mqtt.options import MqttProtocol
from veilleur_bridge.topics import DeviceChannel, DeviceTopic

RECEIPT = DeviceTopic("salon-1", DeviceChannel.RECEIPT)
CONFIG = DeviceTopic("salon-1", DeviceChannel.CONFIG)
STATUS = DeviceTopic("salon-1", DeviceChannel.STATUS)
NOTIFICATIONS = DeviceTopic("salon-1", DeviceChannel.NOTIFICATIONS)

Heard = tuple[DeviceTopic, bytes, bool]


@pytest.fixture(params=["mosquitto", "embedded"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a running broker."""
    if request.param == "mosquitto":
        with running_mosquitto(tmp_path) as server:
            yield server.url
    else:
        with running_embedded_broker(tmp_path) as embedded:
            yield embedded.url


class Ear:
    """Hears what the link hands over, on its thread."""

    def __init__(self) -> None:
        self._heard = SimpleQueue[Heard]()

    def __call__(self, topic: DeviceTopic, payload: bytes, is_retained: bool) -> None:
        self._heard.put((topic, payload, is_retained))

    def next(self) -> Heard:
        try:
            return self._heard.get(timeout=SOON_SECONDS)
        except Empty:
            pytest.fail("nothing more was heard")


@contextmanager
def control(url: str, ear: Ear, client_id: str = "veilleur-control", *, is_up: bool = True) -> Iterator[ControlLink]:
    asked = options(url, client_id, protocol=MqttProtocol.V311)
    with closing(ControlLink(asked, clock=now, heard=ear)) as link:
        if is_up:
            up(link.state)
        yield link


def standing(url: str, topic: DeviceTopic) -> bytes:
    """Return what a device finds on a topic when it comes."""
    with closing(Reader(url, "comes-later", str(topic))) as reader:
        return until(lambda: reader.read[:1], within_seconds=SOON_SECONDS, what=f"{topic} holds a message")[0]


def test_the_newest_of_each_topic_stands_there_for_whoever_comes(url: str) -> None:
    """Seen to catch publishing without the retain flag."""
    with control(url, Ear()) as link, closing(Reader(url, "looks-on", str(RECEIPT))) as reader:
        up(reader.state)
        for number in range(200):
            link.publish(RECEIPT, f"receipt {number}".encode())
        link.publish(CONFIG, b"config")
        until(lambda: b"receipt 199" in reader.read, within_seconds=SOON_SECONDS, what="the newest came")

        assert standing(url, RECEIPT) == b"receipt 199"
        assert standing(url, CONFIG) == b"config"
        assert reader.read == sorted(reader.read, key=lambda payload: int(payload.split()[1]))


def test_what_was_published_before_the_broker_was_there_is_published_once_it_is(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker:
        broker.stop()
        with control(broker.url, Ear(), is_up=False) as link:
            link.publish(RECEIPT, b"early")
            link.publish(RECEIPT, b"newest")
            broker.start()

            assert standing(broker.url, RECEIPT) == b"newest"


def test_a_broker_that_forgot_everything_is_told_again(tmp_path: Path) -> None:
    """Seen to catch a `_begin_anew` that leaves `_due` as it is."""
    with running_mosquitto(tmp_path, persistence=False) as broker, control(broker.url, Ear()) as link:
        link.publish(RECEIPT, b"receipt")
        link.publish(CONFIG, b"config")
        assert (standing(broker.url, RECEIPT), standing(broker.url, CONFIG)) == (b"receipt", b"config")

        forget(broker, link)

        assert (standing(broker.url, RECEIPT), standing(broker.url, CONFIG)) == (b"receipt", b"config")


def test_statuses_and_receipts_are_heard_with_what_the_broker_had_kept_marked(url: str) -> None:
    """Seen to catch `is_retained` taken from nowhere (always False)."""
    ear = Ear()
    with publisher(url, client_id="salon-1") as device:
        device.publish(str(STATUS), b"kept", is_retained=True)
        device.flush(SOON_SECONDS)
        with control(url, ear) as link:
            assert ear.next() == (STATUS, b"kept", True)
            device.publish(str(NOTIFICATIONS), b"not for us")
            device.publish(str(STATUS), b"said now", is_retained=True)
            device.flush(SOON_SECONDS)
            assert ear.next() == (STATUS, b"said now", False)

            link.publish(RECEIPT, b"ours")
            assert ear.next() == (RECEIPT, b"ours", False)


def test_an_empty_payload_takes_the_standing_message_away(url: str) -> None:
    with control(url, Ear()) as link:
        link.publish(CONFIG, b"config")
        assert standing(url, CONFIG) == b"config"
        link.publish(CONFIG, b"")
        link.publish(RECEIPT, b"after it")
        assert standing(url, RECEIPT) == b"after it"

        with closing(Reader(url, "comes-later-still", str(CONFIG))) as reader:
            up(reader.state)
            link.publish(CONFIG, b"new config")
            until(lambda: reader.read, within_seconds=SOON_SECONDS, what="the new config came")
            assert reader.read == [b"new config"]


def test_it_writes_no_topic_that_is_a_devices(url: str) -> None:
    with control(url, Ear()) as link, pytest.raises(ValueError, match="the daemon does not write"):
        link.publish(STATUS, b"forged")


def forget(broker: MosquittoServer, link: ControlLink) -> None:
    """Restart a broker that keeps nothing, and wait until the link is back."""
    before = link.state().connections
    broker.kill()
    down(link.state, "broker")
    broker.start()
    until(
        lambda: link.state().is_up and link.state().connections > before, within_seconds=SOON_SECONDS, what="it is back"
    )
