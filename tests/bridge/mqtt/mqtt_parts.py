"""What the tests of sources and publishers are made of: options, clocks, and taking until enough came."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

from tests.waiting import until
from veilleur_bridge.delivery import Delivery
from veilleur_bridge.mqtt.connection import Connection
from veilleur_bridge.mqtt.events import Event, Received
from veilleur_bridge.mqtt.link import LinkState, MqttLink
from veilleur_bridge.mqtt.options import MqttOptions, MqttProtocol
from veilleur_bridge.mqtt_url import parse_mqtt_url
from veilleur_bridge.publish import Publisher
from veilleur_bridge.sources.mqtt import HELD_COUNT, MqttSource

TOPIC = "veilleur/1/devices/rio/notifications"
SOON_SECONDS = 30.0


def now() -> datetime:
    return datetime.now(UTC)


def options(url: str, client_id: str, *, protocol: MqttProtocol = MqttProtocol.V5, window: int = 256) -> MqttOptions:
    return MqttOptions(address=parse_mqtt_url(url), client_id=client_id, protocol=protocol, window=window)


@contextmanager
def source(
    url: str,
    *,
    client_id: str = "daemon",
    protocol: MqttProtocol = MqttProtocol.V5,
    clock: Callable[[], datetime] = now,
    held: int = HELD_COUNT,
) -> Iterator[MqttSource]:
    """Open a source and wait until it is connected and subscribed."""
    with closing(MqttSource(options(url, client_id, protocol=protocol), clock=clock, held=held)) as opened:
        up(opened.state)
        yield opened


@contextmanager
def publisher(url: str, *, client_id: str = "rio", window: int = 256) -> Iterator[Publisher]:
    """Open a publisher."""
    with closing(Publisher(options(url, client_id, window=window), clock=now)) as opened:
        yield opened


def publish_all(url: str, payloads: Sequence[bytes], topic: str = TOPIC) -> None:
    """Publish and wait until the broker answered for all."""
    with publisher(url, client_id="publishes-all") as device:
        for payload in payloads:
            device.publish(topic, payload)
        assert device.flush(SOON_SECONDS) == ()


def up(state: Callable[[], LinkState], *, within_seconds: float = SOON_SECONDS) -> LinkState:
    """Wait until a link is up."""
    return until(lambda: state() if state().is_up else None, within_seconds=within_seconds, what="the link is up")


def down(state: Callable[[], LinkState], reason: str) -> LinkState:
    """Wait until a link is down and its last error tells the reason."""

    def told() -> LinkState | None:
        current = state()
        return current if not current.is_up and reason in (current.last_error or "") else None

    return until(told, within_seconds=SOON_SECONDS, what=f"the link is down because of: {reason}")


def take(opened: MqttSource, count: int) -> list[Delivery]:
    """Take exactly so many deliveries, or fail."""
    taken: list[Delivery] = []
    deadline = time.monotonic() + SOON_SECONDS
    while len(taken) < count:
        assert time.monotonic() < deadline, f"only {len(taken)} of {count} came"
        taken.extend(opened.take(count - len(taken), 0.1))
    return taken


def store(opened: MqttSource, count: int) -> list[Delivery]:
    """Take exactly so many deliveries, acknowledging them as they come."""
    stored: list[Delivery] = []
    while len(stored) < count:
        batch = [*take(opened, 1), *opened.take(count - len(stored) - 1, 0)]
        opened.acknowledge(batch)
        stored += batch
    return stored


def payloads(deliveries: Sequence[Delivery]) -> list[bytes]:
    return [delivery.payload for delivery in deliveries]


class Reader:
    """Reads one topic as any client may, acknowledging at once; or reads what its session already holds."""

    def __init__(self, url: str, client_id: str, topic: str | None, *, session_kept: timedelta = timedelta(0)) -> None:
        self.read: list[bytes] = []
        wanted = MqttOptions(
            address=parse_mqtt_url(url),
            client_id=client_id,
            subscriptions=() if topic is None else (topic,),
            protocol=MqttProtocol.V311,
            session_kept=session_kept,
        )
        self._link = MqttLink(wanted, self, clock=now)

    def state(self) -> LinkState:
        return self._link.state()

    def close(self) -> None:
        self._link.close()

    def take_events(self, connection: Connection, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, Received):
                self.read.append(event.payload)
                connection.acknowledge(event.message_id)

    def connection_over(self) -> None:
        """Keep what was read."""
