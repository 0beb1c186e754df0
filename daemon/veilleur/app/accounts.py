"""Wires accounts at a broker of somebody else's: made over MQTT where it lets us, else by the operator's own hand."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import Final

from msgspec import Struct

from veilleur_bridge.broker.account_check import await_account
from veilleur_bridge.broker.dynamic_security import make_device_account, remove_device_account
from veilleur_bridge.broker.findings import BrokerFinding
from veilleur_bridge.errors import NoDynamicSecurity
from veilleur_bridge.mqtt_url import MqttAddress, parse_mqtt_url

_PASSWORD_FILE: Final = "/etc/mosquitto/veilleur.passwords"  # noqa: S105 - where the guide puts it
_RELOAD: Final = "sudo systemctl reload mosquitto"


class ExternalAccount(Struct, frozen=True, kw_only=True):
    """A device's account at an external broker; `by_hand` is what the operator must do there first, line by line.

    The password is typed where it is asked for: everybody on a machine can read the words of a command.
    """

    ours: MqttAddress
    device: MqttAddress
    by_hand: tuple[str, ...]


def make_external_account(url: str, device: str, password: str) -> ExternalAccount:
    """Make an account at the broker of this URL, or say how. Raises BrokerError where its plugin refuses."""
    ours = parse_mqtt_url(url)
    made = ExternalAccount(ours=ours, device=replace(ours, username=device, password=password), by_hand=())
    try:
        make_device_account(ours, device, password)
    except NoDynamicSecurity:
        adding = shlex.join(["sudo", "mosquitto_passwd", _PASSWORD_FILE, device])
        by_hand = (f"run: {adding}", f"type, both times that it asks: {password}", f"run: {_RELOAD}")
        return ExternalAccount(ours=ours, device=made.device, by_hand=by_hand)
    return made


def remove_external_account(url: str, device: str) -> tuple[str, ...]:
    """Take an account away at the broker of this URL; return the commands to run there where we cannot."""
    try:
        remove_device_account(parse_mqtt_url(url), device)
    except NoDynamicSecurity:
        return (shlex.join(["sudo", "mosquitto_passwd", "-D", _PASSWORD_FILE, device]), _RELOAD)
    return ()


def prove_account(made: ExternalAccount, *, within_s: float) -> BrokerFinding:
    """Try the account by canaries until it works or the time is over."""
    return await_account(made.ours, made.device, within_seconds=within_s)
