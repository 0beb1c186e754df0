"""A broker's URL is read whole or refused with the reason, and its password is never shown."""

from __future__ import annotations

import pytest

from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress, MqttScheme, parse_mqtt_url


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("mqtt://127.0.0.1", MqttAddress(host="127.0.0.1", port=1883)),
        (
            "mqtt://rio:a%40b%2Fc@broker.example:1884",
            MqttAddress(host="broker.example", port=1884, username="rio", password="a@b/c"),
        ),
        ("mqtts://broker.example", MqttAddress(host="broker.example", port=8883, scheme=MqttScheme.MQTTS)),
        ("ws://broker.example", MqttAddress(host="broker.example", port=80, scheme=MqttScheme.WS)),
        (
            "wss://u:p@broker.example:444/live",
            MqttAddress("broker.example", 444, MqttScheme.WSS, "u", "p", path="/live"),
        ),
        (
            f"mqtts://broker.example?key_sha256={'9F' * 32}",
            MqttAddress("broker.example", 8883, MqttScheme.MQTTS, key_sha256="9f" * 32),
        ),
        ("  MQTT://[::1]:1883/  ", MqttAddress(host="::1", port=1883)),
        ("mqtt://rio@host", MqttAddress(host="host", port=1883, username="rio")),
        ("mqtt://rio:@host", MqttAddress(host="host", port=1883, username="rio", password="")),
    ],
)
def test_a_url_gives_host_port_user_and_kind(url: str, address: MqttAddress) -> None:
    assert parse_mqtt_url(url) == address


@pytest.mark.parametrize(
    "url", ["mqtt://rio:a%40b%2Fc@host:1884", "wss://u:p@[::1]:444/live", f"mqtts://h:8883?key_sha256={'0' * 64}"]
)
def test_an_address_written_out_reads_back_the_same(url: str) -> None:
    assert parse_mqtt_url(parse_mqtt_url(url).url()) == parse_mqtt_url(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "mqtt://"),
        ("localhost:1883", "mqtt://"),
        ("http://u:hunter2@host", "mqtt://"),
        ("mqtt://", "no host"),
        ("mqtt://u:hunter2@:1883", "no host"),
        ("mqtt://u:hunter2@host:port", "port"),
        ("mqtt://u:hunter2@host:70000", "port"),
        ("mqtt://u:hunter2@host:0", "port 0"),
        ("mqtt://u:hunter2@host:1883/topic", "goes on after its port"),
        ("mqtt://u:hunter2#x@host", "port"),
        ("mqtts://u:hunter2@host?key_sha256=abc", "64 hexadecimal"),
        (f"mqtt://u:hunter2@host?key_sha256={'0' * 64}", "goes on after its port"),
        ("mqtts://u:hunter2@host?verify=no", "goes on after its port"),
        ("mqtt://[::1:1883", "host or port"),
    ],
)
def test_nonsense_is_refused_with_its_reason_and_without_the_password(url: str, reason: str) -> None:
    with pytest.raises(BrokerError, match=reason) as caught:
        parse_mqtt_url(url)

    assert "hunter2" not in str(caught.value)


def test_neither_str_nor_repr_shows_the_password() -> None:
    address = parse_mqtt_url("mqtt://rio:hunter2@host:1883")

    assert str(address) == "mqtt://rio@host:1883"
    assert "hunter2" not in repr(address)
