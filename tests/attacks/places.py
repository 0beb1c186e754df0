"""Where an attack takes place: a whole daemon over a broker of either kind, with real tablets that have accounts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from tests.architecture.source_file import PROJECT
from tests.docs.markdown_page import Page
from tests.end_to_end.stored_rows import StoredRows, looking_into
from tests.servers.broker_kind import BrokerKind
from tests.servers.daemon import Daemon, Installation, Role, running_over
from tests.servers.mosquitto import running_mosquitto
from tests.servers.ports import free_port
from tests.waiting import until
from veilleur_bridge.captured import Captured
from veilleur_bridge.device_program import DeviceProgram, DeviceSettings
from veilleur_bridge.drainer import Pace
from veilleur_bridge.envelope import AppInfo, EventKind, Notification, SourceInfo, SourceKind
from veilleur_bridge.lost import Sender
from veilleur_bridge.mqtt.options import MqttOptions, MqttProtocol, Whereabouts
from veilleur_bridge.mqtt_url import MqttAddress, parse_mqtt_url
from veilleur_bridge.pairing import PairingCode, read_pairing_code
from veilleur_bridge.redaction_rules import load_rules
from veilleur_bridge.wire.config import AppRule, DeviceConfig

VICTIM, INTRUDER = "salon-1", "salon-2"
PACKAGE = "com.zhiliaoapp.musically"
_PASSWORDS = {"veilleur": "watch-keeper", VICTIM: "salon-word", INTRUDER: "other-word"}
_QUICK = {"VEILLEUR_WATCH_INTERVAL_S": "0.2"}


@dataclass(slots=True)
class Tablet:
    """A device program with its spool, and what it was told to capture."""

    program: DeviceProgram
    said: int = 0

    def show(self, count: int) -> None:
        """Capture so many comments, each with words of its own."""
        for number in range(self.said, self.said + count):
            words = f"Ondine commented: plate number {number}"
            shown = Notification(key=f"0|{PACKAGE}|{number}|null|1", channel="comment_push", title="TikTok", text=words)
            event = Captured(
                event=EventKind.POSTED, captured_at=datetime.now(UTC), app=AppInfo(PACKAGE), notification=shown
            )
            assert self.program.offer(event).seq is not None
        self.said += count

    @property
    def depth(self) -> int:
        return self.program.state().spool.depth

    def is_up(self) -> bool:
        return self.program.state().link.is_up

    def wait_until_empty(self, *, within_seconds: float = 30) -> None:
        until(lambda: self.depth == 0, within_seconds=within_seconds, what="the spool is empty")


@dataclass(frozen=True, slots=True)
class Place:
    """A daemon that runs, its store, and the addresses of two devices."""

    daemon: Daemon
    stored: StoredRows
    folder: Path
    addresses: Mapping[str, MqttAddress]
    own: MqttAddress

    @contextmanager
    def tablet(self, device: str, *, client_id: str | None = None) -> Iterator[Tablet]:
        """Run a tablet with a device's account."""
        options = tablet_options(self.addresses[device], client_id or device)
        with running_tablet(device, self.folder / f"spool-{device}", options) as tablet:
            yield tablet

    def count(self, what: str) -> int:
        return self.stored.count(what)

    def open_alarms(self, code: str) -> list[str]:
        """Return the subjects of the open alarms of a code."""
        rows = self.stored.rows(f"SELECT subject FROM alarms WHERE code = '{code}' AND until IS NULL ORDER BY subject")
        return [row[0] for row in rows]

    def wait_for_alarm(self, code: str, subject: str, *, within_seconds: float = 20) -> None:
        until(
            lambda: subject in self.open_alarms(code), within_seconds=within_seconds, what=f"alarm {code} on {subject}"
        )


def tablet_options(address: MqttAddress, client_id: str, whereabouts: Whereabouts | None = None) -> MqttOptions:
    return MqttOptions(
        address=address,
        client_id=client_id,
        protocol=MqttProtocol.V311,
        longest_pause_seconds=0.5,
        whereabouts=whereabouts,
    )


@contextmanager
def running_tablet(device: str, folder: Path, options: MqttOptions) -> Iterator[Tablet]:
    """Run a tablet over a spool; close it afterwards."""
    settings = DeviceSettings(
        sender=Sender(device, SourceInfo(SourceKind.COMPANION, "1.0.0")),
        folder=folder,
        options=options,
        first_config=DeviceConfig(revision=0, apps=(AppRule(package=PACKAGE),)),
        pace=Pace(),
    )
    program = DeviceProgram(settings, rules=load_rules(), clock=lambda: datetime.now(UTC))
    with closing(program):
        yield Tablet(program)


def paired(installation: Installation, device: str, *flags: str) -> PairingCode:
    """Pair a device as an operator does, and read the code as a device does."""
    ran = installation.run("device", "pair", device, "--no-wait", "--yes", *flags)
    assert ran.code == 0, ran.err
    return read_pairing_code(ran.out)


@contextmanager
def attacked_place(folder: Path, kind: BrokerKind) -> Iterator[Place]:
    """Run a daemon over a broker of this kind, with accounts for victim and intruder; end everything afterwards.

    Mosquitto has a listener for tablets, as our configuration has: there a client id is the user's name.
    """
    with ExitStack() as stack:
        if kind is BrokerKind.EMBEDDED:
            installation = Installation(folder, settings=_QUICK)
            daemon = stack.enter_context(running_over(installation, Role.UP))
            codes = {device: paired(installation, device, "--usb") for device in (VICTIM, INTRUDER)}
            addresses = {device: code.broker_addresses()[0] for device, code in codes.items()}
            own = installation.broker()
        else:
            tablets_port = free_port()
            broker = stack.enter_context(
                running_mosquitto(
                    folder / "mosquitto",
                    users=_PASSWORDS,
                    access_rules=acl_of_the_guide(),
                    extra=f"listener {tablets_port} 127.0.0.1\nuse_username_as_clientid true",
                )
            )
            own = parse_mqtt_url(broker.url_for("veilleur"))
            installation = Installation(folder, settings=_QUICK | {"VEILLEUR_MQTT_URL": own.url()})
            daemon = stack.enter_context(running_over(installation, Role.UP))
            addresses = {
                device: replace(parse_mqtt_url(broker.url_for(device)), port=tablets_port)
                for device in (VICTIM, INTRUDER)
            }
        stored = stack.enter_context(looking_into(installation.database_url))
        yield Place(daemon, stored, folder, addresses, own)


def acl_of_the_guide() -> str:
    """Return the access rules that the guide gives to people."""
    guide = Page(PROJECT / "docs" / "guides" / "connect-a-device.md")
    (block,) = (block for block in guide.blocks if block.language == "acl")
    return "\n".join([*block.lines, ""])


def forged_envelope(device: str, seq: int, *, epoch: str = "forged") -> bytes:
    """Return an envelope that claims to be a device's."""
    shown = {"key": f"forged-{seq}", "channel": "comment_push", "text": f"Mallory commented: forged {seq}"}
    return json.dumps(
        {
            "v": 1,
            "id": f"forged-{device}-{seq}",
            "device": device,
            "epoch": epoch,
            "seq": seq,
            "event": "posted",
            "captured_at": "2026-11-22T09:00:00.000Z",
            "source": {"kind": "companion"},
            "app": {"package": PACKAGE},
            "notification": shown,
        }
    ).encode()
