"""Wires `veilleur device add`: an account at the broker, and the line that proves it."""

from __future__ import annotations

import json
import secrets
from contextlib import closing
from dataclasses import replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from msgspec import Struct

from veilleur.app.accounts import make_external_account, prove_account
from veilleur.app.brokering import broker_settings
from veilleur.app.clock import utc_now
from veilleur.app.foreground import Say
from veilleur.app.opening import open_store
from veilleur.app.settings import Settings
from veilleur.store.devices import refuse_elsewhere
from veilleur.store.instants import to_ms
from veilleur.store.pairing import set_password
from veilleur_bridge.broker.accounts import NewAccount, make_account, mosquitto_pub_line
from veilleur_bridge.broker.opening import wanted_listening
from veilleur_bridge.broker.round_trip import await_admission
from veilleur_bridge.broker.running import running_broker
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress

_TAKEN_OVER_WITHIN_S: Final = 5.0
_BY_HAND_WITHIN_S: Final = 600.0


class Admission(StrEnum):
    """Whether the broker lets a new account in, as it is told of the device."""

    GRANTED = "may now connect"
    AWAITED = "has its account, which the broker has not taken over yet (see its log)"
    NO_BROKER = "may connect once `veilleur up` runs"
    BY_HAND = "may connect once these commands were run"


class NewDevice(Struct, frozen=True):
    """A device's account; the password can be read nowhere again."""

    name: str
    password: str
    publish_line: str
    admission: Admission


def add_device(settings: Settings, name: str, say: Say, *, waits: bool) -> NewDevice:
    """Make an account, or give an existing one a new password; returns once the broker lets it in.

    At a broker of somebody else's the operator may have to do that: `say` is given the commands, and `waits` is for how
    long they are waited for. Raises BrokerError for a name that no topic can hold, and for an account that does not
    work; DeviceElsewhere for a device of another project.
    """
    made = make_account(name)
    with closing(open_store(settings)) as database:
        refuse_elsewhere(database, settings.scope, name)
    if settings.mqtt_url is None:
        address, admission = _account_here(settings, made)
    else:
        address, admission = _account_there(settings, made, settings.mqtt_url, say, waits=waits)
    own_certificate = None if settings.mqtt_url else broker_settings(settings).certificate_files.certificate_file
    line = mosquitto_pub_line(address, _greeting(name), own_certificate)
    return NewDevice(name, made.password, line, admission)


def _account_here(settings: Settings, made: NewAccount) -> tuple[MqttAddress, Admission]:
    _keep(settings, made)
    running = running_broker(settings.broker_dir)
    broker = running or wanted_listening(broker_settings(settings)).daemon_address(settings.broker_dir)
    address = replace(broker, username=made.account.device, password=made.password)
    return address, Admission.NO_BROKER if running is None else _admission(address)


def _account_there(
    settings: Settings, made: NewAccount, url: str, say: Say, *, waits: bool
) -> tuple[MqttAddress, Admission]:
    external = make_external_account(url, made.account.device, made.password)
    _keep(settings, made)
    for step in external.by_hand:
        say(f"At your broker, {step}")
    if external.by_hand and not waits:
        return external.device, Admission.BY_HAND
    if external.by_hand:
        say(f"Waiting until {external.ours} lets it in; Ctrl+C ends the waiting, the password stays good.")
    proof = prove_account(external, within_s=_BY_HAND_WITHIN_S if external.by_hand else _TAKEN_OVER_WITHIN_S)
    if not proof.is_ok:
        raise BrokerError(f"the account does not work yet: {proof.detail}: {proof.advice}")
    return external.device, Admission.GRANTED


def _keep(settings: Settings, made: NewAccount) -> None:
    with closing(open_store(settings)) as database:
        account = made.account
        set_password(database, settings.scope, account.device, account.password_hash, to_ms(utc_now()))


def _admission(address: MqttAddress) -> Admission:
    is_granted = await_admission(address, within_seconds=_TAKEN_OVER_WITHIN_S)
    return Admission.GRANTED if is_granted else Admission.AWAITED


def _greeting(device: str) -> str:
    """Return a first envelope: a comment that the device claims to have seen, in an epoch of its own."""
    now = utc_now()
    at_ms = to_ms(now)
    envelope = {
        "v": 1,
        "id": str(_time_ordered_id(at_ms)),
        "device": device,
        "epoch": secrets.token_hex(4),
        "seq": 1,
        "event": "posted",
        "captured_at": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "source": {"kind": "companion"},
        "app": {"package": "com.zhiliaoapp.musically"},
        "notification": {
            "key": f"0|com.zhiliaoapp.musically|{at_ms}|null|10001",
            "channel": "comment_push",
            "title": "TikTok",
            "text": "Camille commented: first light #veilleur",
            "posted_at_ms": at_ms,
        },
    }
    return json.dumps(envelope, ensure_ascii=False)


def _time_ordered_id(at_ms: int) -> UUID:
    """Return a UUIDv7 (RFC 9562, section 5.7)."""
    bits = at_ms << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=bits)
