"""Accounts at a mosquitto with its dynamic-security plugin, made over MQTT on its $CONTROL topic.

Its answers come to the asking client alone. The command language: mosquitto.org/documentation/dynamic-security.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Final

from veilleur_bridge.broker.visit import Outgoing, Visit, visiting
from veilleur_bridge.errors import BrokerError, NoDynamicSecurity
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.topics import READ_BY_DEVICE, WRITTEN_BY_DEVICE, device_topic

CONTROL_TOPIC: Final = "$CONTROL/dynamic-security/v1"
ANSWER_TOPIC: Final = f"{CONTROL_TOPIC}/response"
ANSWER_SECONDS: Final = 2.0
OWN_ROLE: Final = "veilleur"
OWN_TOPICS: Final = "veilleur/1/#"
UPTIME_TOPIC: Final = "$SYS/broker/uptime"
NOT_THERE: Final = frozenset({"Client not found", "Role not found"})
ALREADY_THERE: Final = frozenset({"Role already exists"})

Command = Mapping[str, Any]


def make_device_account(address: MqttAddress, device: str, password: str) -> None:
    """Make a device's account with rights to its own topics and bound to its own client id, or make it anew.

    Gives the account of `address` the rights that Veilleur needs, too. Raises NoDynamicSecurity where nobody obeys
    on the control topic, and BrokerError where the plugin refuses.
    """
    _make_own_role(address)
    role = _role_of(device)
    account = {"username": device, "password": password, "clientid": device, "roles": [{"rolename": role}]}
    with _controlling(address) as visit:
        _command(visit, _removal(device), but_for=NOT_THERE)
        made = {"command": "createRole", "rolename": role, "acls": _device_rules(device)}
        _command(visit, [made, {"command": "createClient", **account}])


def remove_device_account(address: MqttAddress, device: str) -> None:
    """Take a device's account away, and end its connection; harmless where it has none. Raises as above."""
    with _controlling(address) as visit:
        _command(visit, _removal(device), but_for=NOT_THERE)


def _make_own_role(address: MqttAddress) -> None:
    username = address.username or ""
    with _controlling(address) as visit:
        (answer,) = _command(visit, [{"command": "getClient", "username": username}])
        roles = answer.get("data", {}).get("client", {}).get("roles", [])
        if any(role.get("rolename") == OWN_ROLE for role in roles):
            return
        _command(visit, [{"command": "createRole", "rolename": OWN_ROLE, "acls": _own_rules()}], but_for=ALREADY_THERE)
        # mosquitto ends every connection of an account whose roles change: this one before it has answered
        with suppress(BrokerError):
            _command(visit, [{"command": "addClientRole", "username": username, "rolename": OWN_ROLE}])


@contextmanager
def _controlling(address: MqttAddress) -> Iterator[Visit]:
    with visiting(address), ExitStack() as stack:
        try:
            visit = stack.enter_context(visiting(address, subscriptions=(ANSWER_TOPIC,)))
        except BrokerError as error:
            raise NoDynamicSecurity(str(error)) from error
        yield visit


def _command(visit: Visit, commands: Sequence[Command], *, but_for: Collection[str] = ()) -> Sequence[Command]:
    """Have the plugin do this, and return its answers in order; those errors of `but_for` are none."""
    order = Outgoing(CONTROL_TOPIC, json.dumps({"commands": commands}).encode())
    (refusal,) = visit.say([order], within_seconds=ANSWER_SECONDS)
    heard = [] if refusal else visit.hear(1, within_seconds=ANSWER_SECONDS)
    if not heard:
        raise NoDynamicSecurity(f"nobody obeys on {CONTROL_TOPIC}: {refusal or 'no answer'}")
    answers: Sequence[Command] = json.loads(heard[0].payload)["responses"]
    for answer in answers:
        if (error := answer.get("error")) and error not in but_for:
            raise BrokerError(f"mosquitto's dynamic-security refused {answer.get('command')}: {error}")
    return answers


def _removal(device: str) -> Sequence[Command]:
    return [
        {"command": "deleteClient", "username": device},
        {"command": "deleteRole", "rolename": _role_of(device)},
    ]


def _role_of(device: str) -> str:
    return f"veilleur-device-{device}"


def _device_rules(device: str) -> Sequence[Command]:
    written = [device_topic(device, channel) for channel in sorted(WRITTEN_BY_DEVICE)]
    read = [device_topic(device, channel) for channel in sorted(READ_BY_DEVICE)]
    return [
        *(_rule("publishClientSend", topic) for topic in written),
        *(_rule(kind, topic) for topic in read for kind in ("subscribeLiteral", "publishClientReceive")),
    ]


def _own_rules() -> Sequence[Command]:
    return [
        *(_rule(kind, OWN_TOPICS) for kind in ("publishClientSend", "publishClientReceive", "subscribePattern")),
        _rule("subscribeLiteral", UPTIME_TOPIC),
    ]


def _rule(kind: str, topic: str) -> Command:
    return {"acltype": kind, "topic": topic, "priority": 0, "allow": True}
