"""A tablet with a real spool, in the test's own process: it deletes only what a receipt covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.made import MARK
from tests.waiting import until
from veilleur_bridge.captured import Captured
from veilleur_bridge.device_program import DeviceProgram, DeviceSettings
from veilleur_bridge.drainer import Pace
from veilleur_bridge.envelope import AppInfo, EventKind, Notification, SourceInfo, SourceKind
from veilleur_bridge.lost import Sender
from veilleur_bridge.mqtt.options import MqttOptions, MqttProtocol
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.redaction_rules import load_rules
from veilleur_bridge.spool.contents import SpoolState
from veilleur_bridge.spool.spool import DEFAULT_CAP_BYTES
from veilleur_bridge.wire.config import AppRule, DeviceConfig

TIKTOK = AppInfo("com.zhiliaoapp.musically")
CONFIG = DeviceConfig(revision=1, apps=(AppRule(package=TIKTOK.package),))
NAME = "salle-9"
EMPTY_WITHIN_SECONDS = 30.0


class SpoolingTablet:
    """Captures comments, each a mention of its own."""

    def __init__(self, device: DeviceProgram) -> None:
        self._device = device

    def capture(self, numbers: Sequence[int]) -> list[int]:
        """Spool one comment for each number; return their seqs."""
        fates = self._device.offer_many([_comment(number) for number in numbers])
        return [fate.seq for fate in fates if fate.seq is not None]

    @property
    def spool(self) -> SpoolState:
        return self._device.state().spool

    @property
    def is_connected(self) -> bool:
        return self._device.state().link.is_up

    def wait_until_empty(self, *, within_seconds: float = EMPTY_WITHIN_SECONDS) -> None:
        """Return once a receipt has covered everything."""
        until(lambda: self.spool.depth == 0, within_seconds=within_seconds, what="the spool is empty")


@contextmanager
def spooling_tablet(
    address: MqttAddress,
    folder: Path,
    *,
    name: str = NAME,
    protocol: MqttProtocol = MqttProtocol.V311,
    pace: Pace | None = None,
    cap_bytes: int = DEFAULT_CAP_BYTES,
) -> Iterator[SpoolingTablet]:
    """Run a tablet over a folder while the block runs; a second one over the same folder goes on where it left."""
    settings = DeviceSettings(
        sender=Sender(name, SourceInfo(SourceKind.COMPANION, "1.0.0")),
        folder=folder,
        options=MqttOptions(address=address, client_id=name, protocol=protocol, longest_pause_seconds=0.2),
        first_config=CONFIG,
        pace=pace or Pace(),
        cap_bytes=cap_bytes,
    )
    with closing(DeviceProgram(settings, rules=load_rules(), clock=lambda: datetime.now(UTC))) as device:
        yield SpoolingTablet(device)


def _comment(number: int) -> Captured:
    at = datetime.now(UTC)
    shown = Notification(
        key=f"0|{TIKTOK.package}|{number}|null|10210",
        channel="comment_push",
        title="TikTok",
        text=f"Ondine a commenté : assiette {MARK} {number}",
        posted_at_ms=int(at.timestamp() * 1_000),
    )
    return Captured(event=EventKind.POSTED, captured_at=at, app=TIKTOK, notification=shown)
