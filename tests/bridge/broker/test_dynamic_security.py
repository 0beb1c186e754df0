"""Accounts made over MQTT at a real mosquitto with its dynamic-security plugin, and proven by canaries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.bridge.mqtt.mqtt_parts import Reader, down, up
from tests.deploy.deployed_mosquitto import (
    DeployedBroker,
    running_with_dynamic_security,
    running_with_password_file,
)
from veilleur_bridge.broker.account_check import await_account, check_account
from veilleur_bridge.broker.canaries import ask_access
from veilleur_bridge.broker.dynamic_security import make_device_account, remove_device_account
from veilleur_bridge.errors import BrokerError, NoDynamicSecurity
from veilleur_bridge.mqtt_url import MqttAddress, parse_mqtt_url


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedBroker]:
    with running_with_dynamic_security(tmp_path_factory.mktemp("dynamic")) as broker:
        yield broker


def ours(broker: DeployedBroker) -> MqttAddress:
    return parse_mqtt_url(broker.own_url())


def device(broker: DeployedBroker, name: str, password: str) -> MqttAddress:
    return MqttAddress("127.0.0.1", broker.server.port, username=name, password=password)


def made(broker: DeployedBroker, name: str, password: str = "first") -> MqttAddress:
    make_device_account(ours(broker), name, password)
    return device(broker, name, password)


def test_an_account_that_was_made_does_what_a_device_may_and_no_more(shared: DeployedBroker) -> None:
    """Seen to catch rules without `publishClientSend` on `status`, and ones on `veilleur/1/devices/#`."""
    finding = check_account(ours(shared), made(shared, "salle-1"))

    assert finding.is_ok, finding.detail


def test_our_own_account_gets_what_veilleur_needs(shared: DeployedBroker) -> None:
    """Seen to catch a `make_device_account` without `_make_own_role`: every canary was refused."""
    made(shared, "salle-2")

    assert ask_access(ours(shared)).is_ok


def test_made_anew_it_has_a_new_password_and_the_old_one_is_thrown_out(shared: DeployedBroker) -> None:
    """Seen to catch a second `createClient` without the removal: mosquitto refused it, the account was there."""
    old = made(shared, "salle-3")
    with closing(Reader(old.url(), "salle-3", "veilleur/1/devices/salle-3/receipt")) as connected:
        up(connected.state)
        new = made(shared, "salle-3", "second")
        down(connected.state, "the broker refused the user name or password")

    assert check_account(ours(shared), new).is_ok
    assert "refused the user name or password" in check_account(ours(shared), old).detail


@pytest.mark.attack
def test_nobody_comes_in_with_another_client_id(shared: DeployedBroker) -> None:
    """Seen to catch a `createClient` without `clientid`."""
    address = made(shared, "salle-4")
    with closing(Reader(address.url(), "veilleur-main-secret", None)) as thief:
        down(thief.state, "the broker refused")


def test_a_removed_account_is_refused_and_removing_it_again_is_harmless(shared: DeployedBroker) -> None:
    """Seen to catch a removal of the role alone."""
    address = made(shared, "salle-5")
    for _ in range(2):
        remove_device_account(ours(shared), "salle-5")

    assert "refused the user name or password" in check_account(ours(shared), address).detail


def test_a_broker_without_the_plugin_is_told_apart_from_one_that_is_away(tmp_path: Path) -> None:
    """Seen to catch a `_controlling` that does not look first whether anybody answers."""
    with running_with_password_file(tmp_path) as broker, pytest.raises(NoDynamicSecurity):
        make_device_account(ours(broker), "salle-9", "nine")
    with pytest.raises(BrokerError, match="no broker answers") as away:
        make_device_account(ours(broker), "salle-9", "nine")

    assert not isinstance(away.value, NoDynamicSecurity)


def test_the_accounts_of_a_password_file_pass_the_same_proof(tmp_path: Path) -> None:
    with running_with_password_file(tmp_path) as broker:
        finding = await_account(ours(broker), parse_mqtt_url(broker.own_url("salle-9")), within_seconds=30)

    assert finding.is_ok, finding.detail


@pytest.mark.attack
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("pattern write veilleur/1/devices/%u/status\n", "", "nothing passes on its status"),
        ("pattern read veilleur/1/devices/%u/config\n", "", "nothing passes on its config"),
        ("%u/notifications", "+/notifications", "can speak as any other device"),
    ],
)
def test_an_account_that_may_too_little_or_too_much_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Seen to catch a `check_account` that trusts PUBACK and SUBACK, and one that tries its own topics alone."""
    with running_with_password_file(tmp_path) as broker:
        rules = broker.server.folder / "veilleur.acl"
        rules.write_text(rules.read_text().replace(old, new))
        broker.server.restart()
        finding = check_account(ours(broker), parse_mqtt_url(broker.own_url("salle-9")))

    assert not finding.is_ok
    assert said in finding.detail
