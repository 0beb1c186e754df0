"""The devices of a server, and what is asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from veilleur.client.errors import Conflict, NotFound, NotUnderstood
from veilleur.client.transport import Transport, converted, segment
from veilleur.model.device_health import DeviceHealth
from veilleur.model.errors import ConfigError
from veilleur.model.listing import Device
from veilleur_bridge.wire.config import DeviceConfig, read_config, write_config


class _Devices(Struct, frozen=True):
    devices: tuple[Device, ...]


class Devices:
    """Operations on devices."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def every(self) -> Sequence[Device]:
        """Return every device of the project by name: those paired, and those only heard of."""
        return self._transport.read("/devices", _Devices).devices

    def is_known(self, name: str) -> bool:
        """Return whether there is a device of this name."""
        return self.health(name) is not None

    def health(self, name: str) -> DeviceHealth | None:
        """Return how a device is, None where there is none of this name."""
        fields = self._transport.find(f"/devices/{segment(name)}", dict[str, Any])
        return None if fields is None else converted(fields | {"device": fields}, DeviceHealth)

    def config(self, name: str) -> DeviceConfig | None:
        """Return what is asked of a device; None where nothing is, or there is none of this name."""
        return self._config(f"/devices/{segment(name)}/config")

    def config_before(self, name: str) -> DeviceConfig | None:
        """Return what was asked of a device before the newest, None where that is its first."""
        return self._config(f"/devices/{segment(name)}/config/previous")

    def ask(self, name: str, config: DeviceConfig) -> DeviceConfig | None:
        """Ask this as the next revision after `config.revision` (0: none yet), and return it as it was taken.

        None where there is no such device; raises ConfigError where another revision came between.
        """
        fields = msgspec.json.decode(write_config(config))
        if config.revision == 0:
            del fields["revision"]
        path = f"/devices/{segment(name)}/config"
        try:
            return _read(self._transport.write_bytes("PUT", path, msgspec.json.encode(fields)))
        except NotFound:
            return None
        except Conflict as error:
            raise ConfigError(error.detail) from error

    def _config(self, path: str) -> DeviceConfig | None:
        try:
            return _read(self._transport.read_bytes(path))
        except NotFound:
            return None


def _read(content: bytes) -> DeviceConfig:
    config = read_config(content)
    if config is None:
        raise NotUnderstood("the server's answer is no configuration: are client and server of one release?")
    return config
