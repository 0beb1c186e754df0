"""A tablet that only publishes: it sends again what no broker answered for, and knows no receipt."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from veilleur_bridge.mqtt.options import MqttOptions, MqttProtocol
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.publish import Publisher

_ANSWERED_WITHIN_SECONDS = 60
_WINDOW = 64


class PlainTablet:
    """Publishes in the background, in order; a share of its messages goes out twice."""

    def __init__(self, broker: MqttAddress, *, name: str = "tablet", duplicates: float = 0.0) -> None:
        options = MqttOptions(
            address=broker,
            client_id=name,
            protocol=MqttProtocol.V311,
            window=_WINDOW,
            session_kept=timedelta(0),
            longest_pause_seconds=0.2,
        )
        self._publisher = Publisher(options, clock=lambda: datetime.now(UTC))
        self._chance = random.Random(name)
        self._duplicates = duplicates
        self._pool = ThreadPoolExecutor(1)
        self._sending: list[Future[None]] = []

    def send(self, topic: str, payloads: Sequence[bytes]) -> None:
        """Begin to publish these after all that went before."""
        self._sending.append(self._pool.submit(self._publish, topic, payloads))

    def finish(self) -> None:
        """Return once a broker has answered for everything."""
        for sent in self._sending:
            sent.result(_ANSWERED_WITHIN_SECONDS)
        assert self._publisher.flush(_ANSWERED_WITHIN_SECONDS) == ()

    def close(self) -> None:
        self._publisher.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _publish(self, topic: str, payloads: Sequence[bytes]) -> None:
        for payload in payloads:
            times = 2 if self._chance.random() < self._duplicates else 1
            for _ in range(times):
                self._publisher.publish(topic, payload, timeout_seconds=_ANSWERED_WITHIN_SECONDS)
