"""Announces the embedded broker in the local network while it is open to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address

from veilleur_bridge.broker.addresses import own_addresses
from veilleur_bridge.broker.listening import Listening
from veilleur_bridge.mdns import Announced, MdnsResponder


@contextmanager
def announced(listening: Listening) -> Iterator[None]:
    """Answer mDNS for the broker while the block runs; a broker that listens on this machine alone is not told of."""
    host = ip_address(listening.host)
    if listening.certificate is None or host.is_loopback:
        yield
        return

    def addresses() -> Sequence[str]:
        return own_addresses() if host.is_unspecified else (str(host),)

    told = Announced(listening.certificate.server_name, listening.port, addresses)
    responder = MdnsResponder(told, interfaces=lambda: [one for one in addresses() if ip_address(one).version == 4])  # noqa: PLR2004 - IPv4
    responder.start()
    try:
        yield
    finally:
        responder.stop()
