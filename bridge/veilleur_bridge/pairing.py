"""The pairing code: everything a device needs to connect, as one text that fits into a QR code (contract: pairing.v1).

Standard library only: Termux reads it too.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any, Final

from veilleur_bridge.errors import BrokerError, PairingError
from veilleur_bridge.mqtt_url import MqttAddress, parse_mqtt_url
from veilleur_bridge.tls import KEY_SHA256
from veilleur_bridge.topics import is_device_name

CODE_PREFIX: Final = "veilleur:"
CONTRACT_VERSION: Final = 1
MAX_ADDRESSES: Final = 16
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{22,128}", re.ASCII)
ADDRESS: Final = re.compile(
    r"(mqtts?|wss?)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}(/[A-Za-z0-9._~/-]*)?", re.ASCII
)
INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
LOOPBACK_NAME: Final = "localhost"
NEW_ONE: Final = "make a new one with `veilleur device pair`"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingCode:
    """What a device is told: who it is, its secret, and where the broker answers, best first.

    An address is written scheme://host:port, with a path for websockets; unencrypted ones lead to loopback alone.
    """

    device: str
    secret: str = field(repr=False)
    addresses: tuple[str, ...]
    expires_at: datetime
    key_sha256: str | None = None
    mdns: str | None = None
    server: str | None = None
    issued_at: datetime | None = None

    def broker_addresses(self) -> tuple[MqttAddress, ...]:
        """Return where the broker answers, with the device's account and the key to trust."""
        return tuple(self.broker_address(address) for address in self.addresses)

    def broker_address(self, written: str) -> MqttAddress:
        """Return one address, of the code or found since, with the device's account and the key to trust."""
        address = parse_mqtt_url(written)
        pin = self.key_sha256 if address.is_encrypted else None
        return replace(address, username=self.device, password=self.secret, key_sha256=pin)


def write_pairing_code(code: PairingCode) -> str:
    """Return the text of a code, as the QR code holds it. Raises PairingError for what no device could use."""
    _check(code)
    fields = {
        "v": CONTRACT_VERSION,
        "device": code.device,
        "secret": code.secret,
        "addresses": code.addresses,
        "key_sha256": code.key_sha256,
        "mdns": code.mdns,
        "server": code.server,
        "issued_at": None if code.issued_at is None else _written(code.issued_at),
        "expires_at": _written(code.expires_at),
    }
    told = {name: value for name, value in fields.items() if value is not None}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return CODE_PREFIX + base64.urlsafe_b64encode(text).decode("ascii").rstrip("=")


def read_pairing_code(text: str) -> PairingCode:
    """Read a code that was scanned, typed or pasted; raises PairingError.

    Whether it has expired is the server's to say: a tablet's clock may be wrong, and a void code has no account.
    """
    bare = "".join(text.split())
    if not bare.startswith(CODE_PREFIX):
        raise PairingError(f"this is no pairing code: it begins with {CODE_PREFIX}")
    try:
        body = bare.removeprefix(CODE_PREFIX).rstrip("=")
        fields = json.loads(base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise PairingError(f"the pairing code is damaged: copy it whole, or {NEW_ONE}") from error
    return _code_of(fields)


def _code_of(fields: object) -> PairingCode:
    if not isinstance(fields, dict) or fields.get("v") != CONTRACT_VERSION:
        raise PairingError("the pairing code is of another version: update this program, or the daemon")
    addresses = fields.get("addresses")
    expires_at = _instant(_text(fields, "expires_at"))
    if expires_at is None:
        raise PairingError(f"the pairing code does not say until when it holds: {NEW_ONE}")
    code = PairingCode(
        device=_text(fields, "device") or "",
        secret=_text(fields, "secret") or "",
        addresses=tuple(one for one in addresses if one is not None) if isinstance(addresses, list) else (),
        key_sha256=_text(fields, "key_sha256"),
        mdns=_text(fields, "mdns"),
        server=_text(fields, "server"),
        issued_at=_instant(_text(fields, "issued_at")),
        expires_at=expires_at,
    )
    _check(code)
    return code


def _check(code: PairingCode) -> None:
    if not is_device_name(code.device) or not SECRET.fullmatch(code.secret):
        raise PairingError(f"the pairing code names no device, or has no sound secret: {NEW_ONE}")
    if not 1 <= len(code.addresses) <= MAX_ADDRESSES:
        raise PairingError(f"the pairing code holds no address, or more than {MAX_ADDRESSES}: {NEW_ONE}")
    if code.key_sha256 is not None and not KEY_SHA256.fullmatch(code.key_sha256):
        raise PairingError(f"the key in the pairing code is no SHA-256: {NEW_ONE}")
    for written in code.addresses:
        _check_address(written, code.key_sha256)


def _check_address(written: object, key_sha256: str | None) -> None:
    try:
        address = parse_mqtt_url(written) if isinstance(written, str) and ADDRESS.fullmatch(written) else None
    except BrokerError:
        address = None
    if address is None:
        raise PairingError(f"an address in the pairing code cannot be read: {NEW_ONE}")
    if address.is_encrypted and key_sha256 is None:
        raise PairingError(f"the pairing code has no key for its encrypted addresses: {NEW_ONE}")
    if not address.is_encrypted and not _is_loopback(address.host):
        raise PairingError(f"the pairing code would have the secret sent unencrypted over a network: {NEW_ONE}")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == LOOPBACK_NAME


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise PairingError(f"the pairing code's {name} is no text: {NEW_ONE}")
    return value


def _instant(text: str | None) -> datetime | None:
    try:
        return None if text is None or not INSTANT.fullmatch(text) else datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
