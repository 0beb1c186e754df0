"""Where a tablet finds the broker: what a pairing code says of it, embedded or somebody's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import Final

from msgspec import Struct

from veilleur_bridge.broker.addresses import own_addresses
from veilleur_bridge.broker.configuration import BrokerSettings
from veilleur_bridge.broker.listening import Listening
from veilleur_bridge.broker.opening import wanted_listening
from veilleur_bridge.broker.presented import presented_certificate
from veilleur_bridge.broker.running import LOOPBACK
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress, MqttScheme, parse_mqtt_url

# the code must fit into a QR code that a terminal of 80 columns can show
_MOST_OWN_ADDRESSES: Final = 3


class BrokerOffer(Struct, frozen=True, kw_only=True):
    """What a code says of a broker."""

    addresses: tuple[str, ...]
    port: int
    key_sha256: str | None = None
    mdns: str | None = None


def embedded_offer(broker: BrokerSettings, hosts: Sequence[str], *, is_usb: bool) -> BrokerOffer:
    """Return where the embedded broker answers a tablet, best first; raises BrokerError while it is closed to it."""
    listening = wanted_listening(broker)
    certificate = listening.certificate
    if certificate is None:
        if not is_usb:
            message = "the broker listens on this machine alone: open it with --open, or pair over a cable with --usb"
            raise BrokerError(message)
        return BrokerOffer(addresses=(f"{MqttScheme.MQTT}://{LOOPBACK}:{listening.port}",), port=listening.port)
    found = _reached_by(listening, hosts, is_usb=is_usb)
    written = dict.fromkeys(f"{MqttScheme.MQTTS}://{_with_port(host, listening.port)}" for host in found)
    return BrokerOffer(
        addresses=tuple(written),
        port=listening.port,
        key_sha256=certificate.key_sha256,
        mdns=certificate.server_name,
    )


def external_offer(url: str, *, is_usb: bool) -> BrokerOffer:
    """Return where somebody's own broker answers, with the key that it shows now; raises BrokerError."""
    address = parse_mqtt_url(url)
    if not address.is_encrypted and not is_usb:
        message = (
            f"{address} is not encrypted, and a tablet's secret is not sent over a network in clear: give that broker "
            "a certificate and name it mqtts:// in VEILLEUR_MQTT_URL, or pair over a cable with --usb"
        )
        raise BrokerError(message)
    key_sha256 = presented_certificate(address).key_sha256 if address.is_encrypted else None
    host = LOOPBACK if is_usb else address.host
    return BrokerOffer(
        addresses=(str(MqttAddress(host, address.port, address.scheme, path=address.path)),),
        port=address.port,
        key_sha256=key_sha256,
    )


def _reached_by(listening: Listening, hosts: Sequence[str], *, is_usb: bool) -> Iterator[str]:
    if is_usb:
        yield LOOPBACK
    yield from hosts
    if not ip_address(listening.host).is_unspecified:
        yield listening.host
        return
    yield from own_addresses()[:_MOST_OWN_ADDRESSES]
    if listening.certificate is not None:
        yield f"{listening.certificate.server_name}.local"


def _with_port(host: str, port: int) -> str:
    """Return HOST:PORT for a host that may name a port of its own; an IPv6 address is put in brackets."""
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return host if ":" in host else f"{host}:{port}"
    return f"[{address}]:{port}" if ":" in str(address) else f"{address}:{port}"
