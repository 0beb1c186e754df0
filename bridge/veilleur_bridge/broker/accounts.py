"""Accounts at the embedded broker: a device's, made once and shown once, and the daemon's own."""

from __future__ import annotations

import secrets
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import bcrypt

from veilleur_bridge.broker.secret_file import read_or_make_secret
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress, MqttScheme
from veilleur_bridge.registry import BrokerAccount
from veilleur_bridge.topics import DeviceChannel, device_topic, is_device_name

# no device can be called so: its name holds no underscore
DAEMON_USER: Final = "_daemon"
READER_PREFIX: Final = "reader_"
DAEMON_PASSWORD_FILE: Final = "daemon-password"  # noqa: S105 -- a file's name
PASSWORD_BYTES: Final = 24
# the password is 192 random bits: a higher cost would only slow each connection down
BCRYPT_ROUNDS: Final = 8


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A device's account with its password, which nobody can read again."""

    account: BrokerAccount
    password: str = field(repr=False)


def make_account(device: str) -> NewAccount:
    """Make an account with a new password. Raises BrokerError for a name that no topic can hold."""
    if not is_device_name(device):
        raise BrokerError(f"{device!r} cannot name a device: use 1 to 64 of a-z, 0-9 and -")
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    return NewAccount(BrokerAccount(device, hash_password(password)), password)


def reader_user(name: str) -> str:
    """Return the user name of who reads mentions; no device can be called so."""
    return f"{READER_PREFIX}{name}"


def hash_password(password: str) -> str:
    """Return the bcrypt hash under which the broker keeps a password."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(BCRYPT_ROUNDS)).decode("ascii")


def daemon_address(folder: Path, *, host: str, port: int, key_sha256: str | None = None) -> MqttAddress:
    """Return where our own programs reach the embedded broker of a folder, encrypted where it has a key."""
    password = read_or_make_secret(folder / DAEMON_PASSWORD_FILE)
    scheme = MqttScheme.MQTT if key_sha256 is None else MqttScheme.MQTTS
    return MqttAddress(host, port, scheme, DAEMON_USER, password, key_sha256=key_sha256)


def mosquitto_pub_line(address: MqttAddress, payload: str, certificate_file: Path | None = None) -> str:
    """Return the shell line that publishes one notification as the device whose account `address` holds.

    A broker with a self-made certificate is trusted by its `certificate_file`.
    """
    if address.username is None or address.password is None:
        raise BrokerError("a device publishes with a user name and a password")
    device = address.username
    words = ["mosquitto_pub", "-h", address.host, "-p", str(address.port), "-i", device, "-u", device]
    if certificate_file is not None and address.is_encrypted:
        words += ["--cafile", str(certificate_file)]
    topic = device_topic(device, DeviceChannel.NOTIFICATIONS)
    return shlex.join([*words, "-P", address.password, "-q", "1", "-t", topic, "-m", payload])
