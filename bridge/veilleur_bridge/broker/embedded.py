"""The embedded broker: `nats-server` over one folder, with the accounts of a device registry."""

from __future__ import annotations

import secrets
from typing import Final

from veilleur_bridge.broker.accounts import PASSWORD_BYTES, hash_password
from veilleur_bridge.broker.configuration import BrokerSettings, OwnHashes
from veilleur_bridge.broker.opening import wanted_listening
from veilleur_bridge.broker.program import find_server_program
from veilleur_bridge.broker.secret_file import read_or_make_secret
from veilleur_bridge.broker.store_lock import acquire_store_lock
from veilleur_bridge.broker.supervision import BrokerParts, BrokerState, Heard, Supervision
from veilleur_bridge.delivery import Clock
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.ports import require_free
from veilleur_bridge.registry import DeviceRegistry

PORT_SETTING: Final = "VEILLEUR_MQTT_PORT"


class EmbeddedBroker:
    """Runs from `start` to `stop` and restarts its child when that dies; accounts follow the registry within seconds.

    A device may write its own `notifications` and `status` and read its own `receipt` and `config`, nothing else.
    NATS cannot tie a client id to a user: whoever knows another's client id can end its connection, but not read or
    write its topics. `heard` is told every second who is connected (on the broker's thread; its errors are contained).
    """

    def __init__(
        self, settings: BrokerSettings, registry: DeviceRegistry, *, clock: Clock, heard: Heard | None = None
    ) -> None:
        self._heard = heard
        self._settings = settings
        self._registry = registry
        self._clock = clock
        self._supervision: Supervision | None = None
        self._stopped_state = BrokerState(is_up=False, since_at=clock())

    @property
    def address(self) -> MqttAddress:
        """Where our own programs reach it now, with the daemon's account."""
        if self._supervision is not None:
            return self._supervision.listening().daemon_address(self._settings.folder)
        return wanted_listening(self._settings).daemon_address(self._settings.folder)

    def start(self) -> None:
        """Start it and return once a message went through it.

        Raises PortTaken or another BrokerError; then nothing is left running.
        """
        program = find_server_program(self._settings.program)
        settings = self._settings
        settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = acquire_store_lock(settings.folder)
        try:
            listening = wanted_listening(settings)
            require_free(listening.host, listening.port, setting=PORT_SETTING)
            observer = secrets.token_urlsafe(PASSWORD_BYTES)
            daemon = listening.daemon_address(settings.folder)
            parts = BrokerParts(
                program=program,
                settings=settings,
                registry=self._registry,
                clock=self._clock,
                lock=lock,
                key=_read_key(settings),
                listening=listening,
                own=OwnHashes(hash_password(daemon.password or ""), hash_password(observer)),
                observer_password=observer,
                heard=self._heard,
            )
        except BrokerError:
            lock.release()
            raise
        self._supervision = Supervision(parts)
        try:
            self._supervision.wait_for_first_answer()
        except BrokerError:
            self.stop()
            raise

    def stop(self) -> None:
        """End it; what it stored stays. Harmless when it does not run."""
        if self._supervision is not None:
            self._supervision.stop()
            self._supervision = None
            self._stopped_state = BrokerState(is_up=False, since_at=self._clock())

    def reload(self) -> None:
        """Take changed accounts over at once; the sessions of unchanged accounts go on."""
        if self._supervision is not None:
            self._supervision.reload_soon()

    def state(self) -> BrokerState:
        """Return how it is."""
        return self._stopped_state if self._supervision is None else self._supervision.state()


def _read_key(settings: BrokerSettings) -> str:
    if not settings.key_file.exists() and any(settings.store_folder.glob("*")):
        raise BrokerError(
            f"{settings.key_file} is missing, and without it nobody can read {settings.store_folder}: "
            "restore the file, or move that folder away (devices send again what the daemon has not stored)"
        )
    return read_or_make_secret(settings.key_file)
