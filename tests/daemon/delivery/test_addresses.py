"""The own network is not reached, however it is written, unless a setting names it."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from veilleur.delivery.addresses import AddressGuard, read_networks
from veilleur.model.errors import AddressRefused, SettingsError

OWN = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "ff02::1",
    "fd00:ec2::254",
    "not an address",
]


@pytest.mark.parametrize("address", OWN)
def test_an_address_of_the_own_network_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        AddressGuard().require(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_an_address_of_the_internet_is_not(address: str) -> None:
    AddressGuard().require(address)


def test_a_network_of_the_setting_is_let_through_and_no_other() -> None:
    guard = AddressGuard(read_networks("192.168.1.20/32, fd00::/8"))
    guard.require("192.168.1.20")
    guard.require("::ffff:192.168.1.20")
    guard.require("fd00::1")
    with pytest.raises(AddressRefused):
        guard.require("192.168.1.21")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "a.localhost", "[::1]", "127.0.0.1"])
def test_a_name_that_is_the_own_machine_is_refused_as_it_is_written(host: str) -> None:
    with pytest.raises(AddressRefused):
        AddressGuard().require_name(host)


def test_what_is_connected_to_is_what_was_resolved() -> None:
    resolved = AddressGuard([ip_network("127.0.0.0/8"), ip_network("::1/128")]).resolve("localhost", 80)
    assert resolved.sockaddr[:2] in {("127.0.0.1", 80), ("::1", 80)}
    with pytest.raises(AddressRefused):
        AddressGuard().resolve("localhost", 80)


def test_networks_that_are_none_are_a_wrong_setting() -> None:
    with pytest.raises(SettingsError, match="VEILLEUR_DELIVERY_NETWORKS"):
        read_networks("192.168.1.1/24")
