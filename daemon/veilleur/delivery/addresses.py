"""Where messages may go: never into the own network unless a setting allows it, whatever a name resolves to."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from msgspec import Struct

from veilleur.model.errors import AddressRefused, SettingsError
from veilleur.wording import refusals

Network = IPv4Network | IPv6Network

SETTING: Final = "VEILLEUR_DELIVERY_NETWORKS"
# IPv6 addresses that lead to an IPv4 address: NAT64 (RFC 6052) and 6to4 (RFC 3056).
_NAT64: Final = IPv6Network("64:ff9b::/96")


class Resolved(Struct, frozen=True):
    """An address as it was resolved, once: what is connected to."""

    family: int
    sockaddr: tuple[str, int] | tuple[str, int, int, int]


class AddressGuard:
    """Decides which addresses may be connected to; `allowed` are networks of our own that may be, too."""

    def __init__(self, allowed: Iterable[Network] = ()) -> None:
        self._allowed = tuple(allowed)

    def resolve(self, host: str, port: int) -> Resolved:
        """Resolve a name once; raises AddressRefused where any of its addresses may not be connected to, or OSError.

        Whoever connects to what this returned cannot be led elsewhere by a second answer (DNS rebinding).
        """
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for *_, sockaddr in found:
            self.require(str(sockaddr[0]))
        family, *_, sockaddr = found[0]
        return Resolved(int(family), sockaddr)  # type: ignore[arg-type]  # of the internet families

    def require_name(self, host: str) -> None:
        """Raise AddressRefused for a host that is written as an address of the own network, or is called localhost."""
        name = host.strip("[]").rstrip(".").lower()
        if name == "localhost" or name.endswith(".localhost"):
            self.require("127.0.0.1")
            return
        try:
            ip_address(name)
        except ValueError:
            return
        self.require(name)

    def require(self, address: str) -> None:
        """Raise AddressRefused for an IP address that may not be connected to, and for what is none."""
        try:
            ip = _outermost(ip_address(address.partition("%")[0]))
        except ValueError as error:
            raise AddressRefused(refusals.NO_ADDRESS) from error
        if any(ip.version == network.version and ip in network for network in self._allowed):
            return
        if not ip.is_global or ip.is_multicast:
            raise AddressRefused(refusals.OWN_NETWORK, setting=SETTING)


def read_networks(text: str) -> tuple[Network, ...]:
    """Return the networks of a setting, separated by commas; raises SettingsError."""
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        message = f"{SETTING}: {error}; write networks such as 192.168.1.0/24, separated by commas"
        raise SettingsError(message) from error


def _outermost(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address stands for, where it stands for one."""
    if ip.version == 4:  # noqa: PLR2004 - IP's own version
        return ip
    inner = ip.ipv4_mapped or ip.sixtofour
    if inner is None and ip in _NAT64:
        inner = IPv4Address(int(ip) & 0xFFFF_FFFF)
    return inner or ip
