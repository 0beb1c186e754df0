"""An account that was just made is awaited at the broker, and one that never comes is told as such."""

from __future__ import annotations

from pathlib import Path

from tests.servers.embedded import running_embedded_broker
from veilleur_bridge.broker.round_trip import await_admission
from veilleur_bridge.mqtt_url import MqttAddress


def test_an_account_is_awaited_until_the_broker_lets_it_in(tmp_path: Path) -> None:
    with running_embedded_broker(tmp_path) as server:
        assert await_admission(server.address_of("salon-1"), within_seconds=30)

        stranger = MqttAddress(host="127.0.0.1", port=server.port, username="salon-2", password="guessed")
        assert not await_admission(stranger, within_seconds=0.5)
