"""A device's account: a good password shown once, a hash that the broker takes, and a line that can be pasted."""

from __future__ import annotations

import shlex

import bcrypt
import pytest

from veilleur_bridge.broker.accounts import make_account, mosquitto_pub_line
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress


def test_an_account_holds_a_hash_and_its_password_is_long_and_shown_nowhere() -> None:
    made, other = make_account("shop-tablet"), make_account("shop-tablet")

    assert bcrypt.checkpw(made.password.encode(), made.account.password_hash.encode())
    assert len(made.password) >= 32
    assert made.password != other.password
    assert made.password not in repr(made)


@pytest.mark.parametrize("name", ["", "Shop", "a/b", "a b", "_daemon", "x" * 65, "é"])
def test_a_name_that_no_topic_can_hold_is_refused(name: str) -> None:
    with pytest.raises(BrokerError, match="cannot name a device"):
        make_account(name)


def test_the_line_survives_a_shell() -> None:
    address = MqttAddress(host="127.0.0.1", port=1884, username="rio", password="it's $HOME")

    words = shlex.split(mosquitto_pub_line(address, '{"text":"l\'été"}'))

    assert words[0] == "mosquitto_pub"
    assert words[words.index("-P") + 1] == "it's $HOME"
    assert words[words.index("-t") + 1] == "veilleur/1/devices/rio/notifications"
    assert words[words.index("-m") + 1] == '{"text":"l\'été"}'
