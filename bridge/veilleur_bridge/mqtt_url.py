"""The address of an MQTT broker, read from one URL and printed without its password."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit

from veilleur_bridge.errors import BrokerError

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
    """Where a broker listens and who we are to it; `str()` leaves the password out."""

    host: str
    port: int
    scheme: MqttScheme = MqttScheme.MQTT
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    path: str = "/mqtt"

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
        return self._written(secret)

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
    if parts.query or parts.fragment or (parts.path not in {"", "/"} and scheme not in {MqttScheme.WS, MqttScheme.WSS}):
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
    )


def _scheme(parts: SplitResult) -> MqttScheme:
    try:
        return MqttScheme(parts.scheme)
    except ValueError as error:
        raise BrokerError(
            f"the MQTT address does not begin with mqtt://, mqtts://, ws:// or wss://: write {FORM}"
        ) from error
