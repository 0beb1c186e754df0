"""Wires `veilleur device add`: an account at the embedded broker, and the line that proves it."""

from __future__ import annotations

import json
import secrets
from enum import StrEnum
from typing import Final
from uuid import UUID

from msgspec import Struct

from veilleur.app.clock import utc_now
from veilleur.app.opening import open_store
from veilleur.app.settings import Settings
from veilleur.store.instants import to_ms
from veilleur.store.pairing import set_password
from veilleur_bridge.broker.accounts import make_account, mosquitto_pub_line
from veilleur_bridge.broker.round_trip import await_admission
from veilleur_bridge.broker.running import running_broker
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress

_TAKEN_OVER_WITHIN_S: Final = 5.0


class Admission(StrEnum):
    """Whether the embedded broker lets a new account in, as it is told of the device."""

    GRANTED = "may now connect"
    AWAITED = "has its account, which the broker has not taken over yet (see its log)"
    NO_BROKER = "may connect once `veilleur up` runs"


class NewDevice(Struct, frozen=True):
    """A device's account; the password can be read nowhere again."""

    name: str
    password: str
    publish_line: str
    admission: Admission


def add_device(settings: Settings, name: str) -> NewDevice:
    """Make an account, or give an existing one a new password; returns once a running broker has taken it over.

    Raises BrokerError for a name that no topic can hold, and where the broker is somebody else's.
    """
    if settings.mqtt_url is not None:
        message = (
            "VEILLEUR_MQTT_URL names a broker of your own, and its accounts are made there "
            "(mosquitto: mosquitto_passwd, and an ACL for the device's topics; see docs/guides/connect-a-device.md)"
        )
        raise BrokerError(message)
    made = make_account(name)
    set_password(open_store(settings), name, made.account.password_hash, to_ms(utc_now()))
    broker = running_broker(settings.broker_dir)
    port = settings.mqtt_port if broker is None else broker.port
    address = MqttAddress(host="127.0.0.1", port=port, username=name, password=made.password)
    admission = Admission.NO_BROKER if broker is None else _admission(address)
    return NewDevice(name, made.password, mosquitto_pub_line(address, _greeting(name)), admission)


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
