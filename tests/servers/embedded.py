"""The embedded broker on a free loopback port, with a registry that a test can change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.servers.nats_from_source import chosen_program
from tests.servers.ports import free_port
from veilleur_bridge.broker.accounts import make_account
from veilleur_bridge.broker.configuration import BrokerSettings
from veilleur_bridge.broker.connections import BrokerConnection
from veilleur_bridge.broker.embedded import EmbeddedBroker
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.registry import BrokerAccount


@dataclass(slots=True)
class ListedDevices:
    """A device registry in memory."""

    accounts: list[BrokerAccount] = field(default_factory=list)

    def broker_accounts(self) -> Sequence[BrokerAccount]:
        return tuple(self.accounts)


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """A running embedded broker and its devices."""

    broker: EmbeddedBroker
    settings: BrokerSettings
    registry: ListedDevices
    connections: list[tuple[BrokerConnection, ...]] = field(default_factory=lambda: [()])
    _addresses: dict[str, MqttAddress] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return self.settings.port

    @property
    def heard(self) -> tuple[BrokerConnection, ...]:
        """The clients that the broker last said were connected."""
        return self.connections[-1]

    @property
    def pid(self) -> int:
        """The process id of the child."""
        pid = self.broker.state().pid
        assert pid is not None, "the embedded broker does not run"
        return pid

    @property
    def url(self) -> str:
        """The address with the daemon's account."""
        return self.broker.address.url()

    @property
    def log(self) -> str:
        return self.settings.log_file.read_text(errors="replace")

    def address_of(self, device: str) -> MqttAddress:
        """Give the address with a device's account, made at the first call; the broker takes it over soon."""
        if device not in self._addresses:
            made = make_account(device)
            address = MqttAddress(host="127.0.0.1", port=self.port, username=device, password=made.password)
            self._addresses[device] = address
            self.registry.accounts.append(made.account)
            self.broker.reload()
        return self._addresses[device]


def broker_settings(folder: Path, *, port: int | None = None, ack_wait_seconds: int = 1) -> BrokerSettings:
    """Make the settings of a broker under `folder`; a message that is not acknowledged comes again after a second."""
    return BrokerSettings(
        folder=folder / "broker",
        key_file=folder / "keys" / "broker.key",
        port=port or free_port(),
        ack_wait_seconds=ack_wait_seconds,
        program=chosen_program(),
    )


@contextmanager
def running_embedded_broker(
    folder: Path, *, port: int | None = None, ack_wait_seconds: int = 1, registry: ListedDevices | None = None
) -> Iterator[EmbeddedServer]:
    """Start the embedded broker with its store under `folder`; end it afterwards."""
    settings = broker_settings(folder, port=port, ack_wait_seconds=ack_wait_seconds)
    devices = registry or ListedDevices()
    told: list[tuple[BrokerConnection, ...]] = [()]
    broker = EmbeddedBroker(
        settings, devices, clock=lambda: datetime.now(UTC), heard=lambda connections: told.append(tuple(connections))
    )
    broker.start()
    try:
        yield EmbeddedServer(broker, settings, devices, told)
    finally:
        broker.stop()
