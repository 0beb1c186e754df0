"""Devices from the database here."""

from __future__ import annotations

from collections.abc import Sequence

from veilleur.app.clock import utc_now
from veilleur.model.device_config import StoredConfig
from veilleur.model.device_health import DeviceHealth
from veilleur.model.listing import Device
from veilleur.model.scope import Scope
from veilleur.store import devices as stored
from veilleur.store.database import Database
from veilleur.store.device_configs import config_before, newest_config, save_config
from veilleur.store.device_health import read_device_health
from veilleur_bridge.wire.config import DeviceConfig


class LocalDevices:
    """Answers `DeviceDesk`."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    def every(self) -> Sequence[Device]:
        return stored.list_devices(self._database, self._scope)

    def is_known(self, name: str) -> bool:
        return stored.has_device(self._database, self._scope, name)

    def health(self, name: str) -> DeviceHealth | None:
        return read_device_health(self._database, self._scope, name)

    def config(self, name: str) -> DeviceConfig | None:
        return _asked(newest_config(self._database, self._scope, name))

    def config_before(self, name: str) -> DeviceConfig | None:
        return _asked(config_before(self._database, self._scope, name))

    def ask(self, name: str, config: DeviceConfig) -> DeviceConfig | None:
        return _asked(save_config(self._database, self._scope, name, config, now=utc_now()))


def _asked(stored_config: StoredConfig | None) -> DeviceConfig | None:
    return None if stored_config is None else stored_config.config
