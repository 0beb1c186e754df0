"""The address of an MQTT broker, read from one URL and printed without its password."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit

from veilleur_bridge.errors import BrokerError
from veilleur_bridge.tls import KEY_SHA256

KEY_FIELD: Final = "key_sha256="
FORM: Final = "mqtt://user:password@host:port (or mqtts://, ws://, wss://)"


class MqttScheme(StrEnum):
    """How the broker is reached."""

    MQTT = "mqtt"
    MQTTS = "mqtts"
    WS = "ws"
    WSS = "wss"


DEFAULT_PORTS: Final = {MqttScheme.MQTT: 1883, MqttScheme.MQTTS: 8883, MqttScheme.WS: 80, MqttScheme.WSS: 443}


@dataclass(frozen=True, slots=True)
class MqttAddress:
    """Where a broker listens and who we are to it; `str()` leaves the password out.

    With `key_sha256` the server is trusted by its key alone, whatever its name (see `tls`).
    """

    host: str
    port: int
    scheme: MqttScheme = MqttScheme.MQTT
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    path: str = "/mqtt"
    key_sha256: str | None = None

    @property
    def is_encrypted(self) -> bool:
        """True where TLS lies under the connection."""
        return self.scheme in {MqttScheme.MQTTS, MqttScheme.WSS}

    @property
    def is_websocket(self) -> bool:
        """True where MQTT travels in a websocket."""
        return self.scheme in {MqttScheme.WS, MqttScheme.WSS}

    def url(self) -> str:
        """Return the whole URL, password included: for settings and child processes, never for people or logs."""
        secret = "" if self.password is None else f":{quote(self.password, safe='')}"
        pin = "" if self.key_sha256 is None else f"?{KEY_FIELD}{self.key_sha256}"
        return self._written(secret) + pin

    def __str__(self) -> str:
        return self._written("")

    def _written(self, secret: str) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        user = "" if self.username is None else f"{quote(self.username, safe='')}{secret}@"
        path = self.path if self.is_websocket else ""
        return f"{self.scheme}://{user}{host}:{self.port}{path}"


def parse_mqtt_url(url: str) -> MqttAddress:
    """Read a broker's URL.

    Raises BrokerError, which says what is wrong and never repeats the URL: it may hold a password.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise BrokerError(f"the MQTT address has no valid host or port: write it as {FORM}") from error
    scheme = _scheme(parts)
    if not parts.hostname:
        raise BrokerError(f"the MQTT address names no host: write it as {FORM}")
    if port == 0:
        raise BrokerError("the MQTT address has port 0: give a port from 1 to 65535")
    key_sha256 = _key_sha256(parts, scheme)
    if (
        (parts.query and key_sha256 is None)
        or parts.fragment
        or (parts.path not in {"", "/"} and scheme not in {MqttScheme.WS, MqttScheme.WSS})
    ):
        raise BrokerError(
            f"the MQTT address goes on after its port (is a / # or ? in the password? %-encode it): {FORM}"
        )
    return MqttAddress(
        host=parts.hostname,
        port=port or DEFAULT_PORTS[scheme],
        scheme=scheme,
        username=None if not parts.username else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        path=parts.path if parts.path not in {"", "/"} else "/mqtt",
        key_sha256=key_sha256,
    )


def _key_sha256(parts: SplitResult, scheme: MqttScheme) -> str | None:
    if scheme not in {MqttScheme.MQTTS, MqttScheme.WSS} or not parts.query.startswith(KEY_FIELD):
        return None
    key_sha256 = parts.query.removeprefix(KEY_FIELD).lower()
    if not KEY_SHA256.fullmatch(key_sha256):
        raise BrokerError("the key in the MQTT address is not 64 hexadecimal digits: copy it again")
    return key_sha256


def _scheme(parts: SplitResult) -> MqttScheme:
    try:
        return MqttScheme(parts.scheme)
    except ValueError as error:
        raise BrokerError(
            f"the MQTT address does not begin with mqtt://, mqtts://, ws:// or wss://: write {FORM}"
        ) from error
