"""Finds the addresses by which a tablet would reach this machine, best first."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

import psutil

# what containers and virtual machines talk over: a tablet is never there
INNER_INTERFACE: Final = re.compile(r"docker|br-|veth|virbr|vmnet|vboxnet|cni|flannel|cali|podman|lxc", re.ASCII)
# nothing is sent there: the system only says from which address it would be
ELSEWHERE: Final = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))

Address = IPv4Address | IPv6Address


def own_addresses() -> tuple[str, ...]:
    """Return this machine's addresses in its networks, best first; no loopback and no link-local ones."""
    preferred = set(_preferred())
    found = dict.fromkeys(_of_interfaces())
    ranked = sorted(found, key=lambda one: (str(one) not in preferred, one.version, not one.is_private))
    return tuple(str(one) for one in ranked)


def _of_interfaces() -> Iterator[Address]:
    states = psutil.net_if_stats()
    for name, addresses in psutil.net_if_addrs().items():
        is_up = name not in states or states[name].isup
        if not is_up or INNER_INTERFACE.match(name):
            continue
        for entry in addresses:
            if entry.family in {socket.AF_INET, socket.AF_INET6}:
                address = ip_address(entry.address.partition("%")[0])
                if not (address.is_loopback or address.is_link_local or address.is_unspecified):
                    yield address


def _preferred() -> Iterator[str]:
    """Yield the addresses with which this machine speaks to the outside."""
    for family, elsewhere in ELSEWHERE:
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, 9))
            yield str(probe.getsockname()[0])
