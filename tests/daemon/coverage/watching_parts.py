"""Devices as the Watchman sees them, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from veilleur.coverage.seen import Limits, Seen
from veilleur.model.kinds import OutcomeKind
from veilleur.model.watched import ArrivalTally, DeviceState, WatchedDevice
from veilleur_bridge.wire.config import DeviceConfig
from veilleur_bridge.wire.status import DeviceStatus

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LIMITS = Limits()


def device(name: str = "salon-1", number: int = 1, **known: object) -> WatchedDevice:
    """Return a paired device of which nothing else is known."""
    usual = {
        "id": number,
        "name": name,
        "project": "default",
        "is_paired": True,
        "is_revoked": False,
        "last_received_at": None,
        "state": None,
        "config": None,
        "config_created_at": None,
        "watermark": None,
    }
    return WatchedDevice(**(usual | known))  # type: ignore[arg-type]  # any field of it


def state(at: datetime = NOON, *, left_at: datetime | None = None, **told: object) -> DeviceState:
    """Return what a device said at `at`, by a clock that is right; `left_at`: its last will came then."""
    usual = {"first_seq": 1, "next_seq": 1, "spool_depth": 0, "sent_at": at, "config_revision": 1, "epoch": "e1"}
    status = DeviceStatus(online=True, **(usual | told))  # type: ignore[arg-type]  # any field of it
    return DeviceState(status=status, is_online=left_at is None, received_at=left_at or at, online_at=at)


def seen(*devices: WatchedDevice, now: datetime = NOON, **more: object) -> Seen:
    """Return one look at `now`, by a daemon that listens since long ago."""
    usual = {"now": now, "watching_since": NOON - 24 * HOUR, "devices": devices}
    return Seen(**(usual | more))  # type: ignore[arg-type]  # any field of it


def config(revision: int, status_interval_s: int | None = None) -> DeviceConfig:
    """Return a configuration that captures nothing."""
    return DeviceConfig(revision=revision, apps=(), status_interval_s=status_interval_s)


def tally(
    count: int,
    *,
    number: int = 1,
    outcome: OutcomeKind = OutcomeKind.PARSED,
    at: datetime = NOON,
    lasting: timedelta = timedelta(0),
) -> ArrivalTally:
    """Return so many notifications received at `at`, captured over `lasting` before it."""
    return ArrivalTally(
        device_id=number,
        package="com.whatsapp",
        outcome=outcome,
        reason=None,
        count=count,
        first_captured_at=at - lasting,
        last_captured_at=at,
        received_at=at,
    )
