"""Where a trial takes place: a daemon, a broker that can be killed apart from it, and a relay between the two."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from tests.end_to_end.stored_rows import StoredRows, looking_into
from tests.faults.ack_witness import AckWitness
from tests.faults.plain_tablet import PlainTablet
from tests.faults.relay import Relay, relayed
from tests.servers.broker_kind import BrokerKind
from tests.servers.daemon import Daemon, Installation, Role, running_over
from tests.servers.mosquitto import running_mosquitto
from tests.servers.ports import is_listening
from tests.waiting import until
from veilleur_bridge.mqtt_url import MqttAddress, parse_mqtt_url

STORED_WITHIN_SECONDS = 60.0
_DIES_WITHIN_SECONDS = 30.0


class BrokerControl(Protocol):
    """A broker in a process of its own; a forgetful one has lost every message and session after each kill."""

    def start(self) -> None: ...

    def kill(self) -> None: ...


@dataclass(frozen=True, slots=True)
class EmbeddedControl:
    """`veilleur broker`; it always writes its store down, so a forgetful one has it removed."""

    daemon: Daemon
    is_forgetful: bool

    def start(self) -> None:
        self.daemon.start()

    def kill(self) -> None:
        """Kill the program, and wait until its child has died with it."""
        installation = self.daemon.installation
        self.daemon.kill()
        until(
            lambda: not is_listening(installation.mqtt_port), within_seconds=_DIES_WITHIN_SECONDS, what="it is silent"
        )
        if self.is_forgetful:
            shutil.rmtree(installation.data_dir / "broker" / "store")


@dataclass(frozen=True, slots=True)
class Site:
    """A daemon behind a relay that watches its acknowledgements, and a relay for tablets.

    `address` is the broker's own, `tablet_address` the same through the tablets' relay.
    """

    daemon: Daemon
    broker: BrokerControl
    address: MqttAddress
    relay: Relay
    tablet_relay: Relay
    witness: AckWitness
    stored: StoredRows

    @property
    def tablet_address(self) -> MqttAddress:
        return replace(self.address, port=self.tablet_relay.port)

    def wait_for(self, count: int, *, within_seconds: float = STORED_WITHIN_SECONDS) -> None:
        """Return once so many notifications are stored."""
        until(
            lambda: self.stored.count("notifications") >= count,
            within_seconds=within_seconds,
            what=f"{count} notifications are stored",
        )

    def watermark(self) -> int:
        """Return the watermark of the one device that sends."""
        return self.stored.one("max(watermark)", "epochs")

    @contextmanager
    def tablet(self, *, duplicates: float = 0.0) -> Iterator[PlainTablet]:
        with closing(PlainTablet(self.address, duplicates=duplicates)) as tablet:
            yield tablet


@contextmanager
def ingest_site(
    folder: Path, kind: BrokerKind, *, role: Role = Role.INGEST, persistence: bool = True
) -> Iterator[Site]:
    """Give a site whose daemon is not started yet; end everything afterwards."""
    installation = Installation(folder)
    with ExitStack() as stack:
        if kind is BrokerKind.EMBEDDED:
            embedded = stack.enter_context(running_over(installation, Role.BROKER))
            broker: BrokerControl = EmbeddedControl(embedded, is_forgetful=not persistence)
            address = installation.broker()
        else:
            mosquitto = stack.enter_context(
                running_mosquitto(folder / "mosquitto", users={"veilleur": "watch-keeper"}, persistence=persistence)
            )
            broker, address = mosquitto, parse_mqtt_url(mosquitto.url)
        witness = stack.enter_context(closing(AckWitness(installation.data_dir / "veilleur.db")))
        relay = stack.enter_context(relayed(address.port, passes=witness.passes))
        tablet_relay = stack.enter_context(relayed(address.port))
        url = replace(address, port=relay.port).url()
        installation = replace(installation, settings={"VEILLEUR_MQTT_URL": url})
        daemon = Daemon(installation, role)
        stack.callback(daemon.stop)
        stored = stack.enter_context(looking_into(installation.database_url))
        yield Site(daemon, broker, address, relay, tablet_relay, witness, stored)
