"""Where the companion is tried: a whole daemon over mosquitto with TLS and the guide's access rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.attacks.places import acl_of_the_guide
from tests.bridge.mqtt.mqtt_parts import Reader, up
from tests.companion.companion_tablet import CompanionTablet, companion_tablet, named
from tests.end_to_end.api_reader import ApiReader
from tests.end_to_end.stored_rows import StoredRows, looking_into
from tests.servers.certificates import make_certificate
from tests.servers.daemon import Daemon, Installation, Role
from tests.servers.mosquitto import MosquittoServer, running_mosquitto
from tests.servers.ports import free_port
from veilleur_bridge.mqtt_url import MqttAddress, MqttScheme, parse_mqtt_url
from veilleur_bridge.topics import DeviceChannel, device_topic

TABLET, INTRUDER = "salon-1", "salon-2"
_PASSWORDS = {"veilleur": "watch-keeper", TABLET: "salon-word", INTRUDER: "other-word"}
_QUICK = {"VEILLEUR_WATCH_INTERVAL_S": "0.5"}


@dataclass(frozen=True, slots=True)
class CompanionPlace:
    """A daemon that is not started yet, its running broker, and the tablets' port, which speaks TLS alone."""

    folder: Path
    broker: MosquittoServer
    daemon: Daemon
    stored: StoredRows
    tablets_port: int
    key_sha256: str

    @property
    def own(self) -> MqttAddress:
        return parse_mqtt_url(self.broker.url_for("veilleur"))

    def address(self, device: str = TABLET) -> MqttAddress:
        """Return where a tablet connects, and the key that it is to trust."""
        plain = parse_mqtt_url(self.broker.url_for(device))
        return replace(plain, scheme=MqttScheme.MQTTS, port=self.tablets_port, key_sha256=self.key_sha256)

    @contextmanager
    def tablet(self, address: MqttAddress | None = None) -> Iterator[CompanionTablet]:
        with companion_tablet(self.folder / "tablet", named(TABLET, address or self.address())) as tablet:
            yield tablet

    def mentions(self) -> list[dict[str, Any]]:
        """Return what the API answers to everybody who may read all."""
        return ApiReader.of(self.daemon).every_mention()

    def bodies(self) -> list[str]:
        """Return the words of every mention, sorted."""
        return sorted(mention["body"] for mention in self.mentions())

    def raw(self) -> list[dict[str, Any]]:
        """Return the stored envelopes without the companion's own, in seq order."""
        rows = self.stored.rows("SELECT payload FROM notifications ORDER BY epoch, seq")
        envelopes = [json.loads(bytes(payload)) for (payload,) in rows]
        return [one for one in envelopes if one["app"]["package"] != "veilleur.companion"]

    @contextmanager
    def statuses(self) -> Iterator[Statuses]:
        """Listen to what the tablet says of itself."""
        with closing(Reader(self.own.url(), "looks", device_topic(TABLET, DeviceChannel.STATUS))) as reader:
            up(reader.state)
            yield Statuses(reader)


@dataclass(frozen=True, slots=True)
class Statuses:
    """What a tablet said of itself since we began to listen."""

    reader: Reader

    def last(self) -> dict[str, Any]:
        """Return the newest status; empty before the first."""
        heard: dict[str, Any] = json.loads(self.reader.read[-1]) if self.reader.read else {}
        return heard


@contextmanager
def companion_place(folder: Path, *, access_rules: str | None = None) -> Iterator[CompanionPlace]:
    """Run the broker; end it, and the daemon where it was started, afterwards."""
    certificate = make_certificate(folder / "certificate")
    port = free_port()
    listener = [
        f"listener {port} 127.0.0.1",
        f"certfile {certificate.certificate_file}",
        f"keyfile {certificate.key_file}",
        "use_username_as_clientid true",
    ]
    with ExitStack() as stack:
        broker = stack.enter_context(
            running_mosquitto(
                folder / "broker",
                users=_PASSWORDS,
                access_rules=access_rules or acl_of_the_guide(),
                extra="\n".join(listener),
            )
        )
        settings = _QUICK | {"VEILLEUR_MQTT_URL": broker.url_for("veilleur")}
        installation = Installation(folder / "daemon", settings=settings)
        daemon = Daemon(installation, Role.UP)
        stack.callback(daemon.stop)
        stored = stack.enter_context(looking_into(installation.database_url))
        yield CompanionPlace(folder, broker, daemon, stored, port, certificate.key_sha256)
