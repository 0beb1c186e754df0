"""Every way to a broker carries the same: plain, TLS, websocket, websocket over TLS, in both versions of MQTT."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from tests.bridge.mqtt.mqtt_parts import (
    SOON_SECONDS,
    TOPIC,
    Reader,
    down,
    payloads,
    publisher,
    source,
    store,
    take,
    up,
)
from tests.servers.certificates import make_certificate
from tests.servers.mosquitto import running_mosquitto
from tests.servers.ports import free_port
from veilleur_bridge.mqtt.options import MqttProtocol
from veilleur_bridge.mqtt_url import MqttScheme

# mosquitto 2.0.11 sends what is over a websocket and larger than 4 KiB at 40 KiB a second
MESSAGES = [b"%d " % number + b"x" * (11 * number) for number in range(300)] + [b"x" * 20_000]
NOT_TRUSTED = "is not trusted, nothing was sent"


@dataclass(frozen=True, slots=True)
class Listeners:
    """One mosquitto with a listener of each kind."""

    ports: dict[MqttScheme, int]
    key_sha256: str

    def url(self, scheme: MqttScheme, key_sha256: str | None = None) -> str:
        pinned = f"?key_sha256={key_sha256 or self.key_sha256}"
        is_encrypted = scheme in {MqttScheme.MQTTS, MqttScheme.WSS}
        return f"{scheme}://127.0.0.1:{self.ports[scheme]}{pinned if is_encrypted else ''}"


@pytest.fixture(scope="module")
def listeners(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listeners]:
    folder = tmp_path_factory.mktemp("listeners")
    certificate = make_certificate(folder / "tls")
    shown = f"certfile {certificate.certificate_file}\nkeyfile {certificate.key_file}"
    ports = {scheme: free_port() for scheme in MqttScheme}
    extra = "\n".join(
        [
            f"listener {ports[MqttScheme.MQTTS]} 127.0.0.1\n{shown}",
            f"listener {ports[MqttScheme.WS]} 127.0.0.1\nprotocol websockets",
            f"listener {ports[MqttScheme.WSS]} 127.0.0.1\nprotocol websockets\n{shown}",
        ]
    )
    with running_mosquitto(folder / "broker", port=ports[MqttScheme.MQTT], extra=extra):
        yield Listeners(ports, certificate.key_sha256)


@pytest.mark.parametrize("protocol", MqttProtocol)
@pytest.mark.parametrize("scheme", MqttScheme)
def test_messages_of_any_size_pass_both_ways_and_are_acknowledged(
    listeners: Listeners, scheme: MqttScheme, protocol: MqttProtocol
) -> None:
    """Seen to catch a client without its `transport`, and one without the pinned key."""
    url, client_id = listeners.url(scheme), f"{scheme}-{protocol}"
    with source(url, client_id=client_id, protocol=protocol) as first:
        with publisher(url, client_id=f"{client_id}-tablet") as tablet:
            for message in MESSAGES:
                tablet.publish(TOPIC, message)
            assert tablet.flush(SOON_SECONDS) == ()
        assert payloads(store(first, len(MESSAGES))) == MESSAGES

    with source(url, client_id=client_id, protocol=protocol) as second, publisher(url) as tablet:
        tablet.publish(TOPIC, b"the next")
        assert payloads(take(second, 1)) == [b"the next"]


@pytest.mark.attack
@pytest.mark.parametrize("scheme", [MqttScheme.MQTTS, MqttScheme.WSS])
def test_a_server_with_another_key_is_not_trusted_over_a_websocket_either(
    listeners: Listeners, scheme: MqttScheme
) -> None:
    """Seen to catch a `client_context` that is given no key: nobody was trusted any more."""
    with closing(Reader(listeners.url(scheme, "0" * 64), f"betrayed-{scheme}", TOPIC)) as betrayed:
        down(betrayed.state, NOT_TRUSTED)
    with closing(Reader(listeners.url(scheme), f"served-{scheme}", TOPIC)) as served:
        up(served.state)
