"""What the Watchman looks at: devices as they stand, and what arrived since its last look."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from veilleur.model.kinds import OutcomeKind
from veilleur_bridge.wire.config import DeviceConfig
from veilleur_bridge.wire.status import DeviceStatus

USUAL_STATUS_INTERVAL_S: Final = 60
USUAL_CANARY_INTERVAL_S: Final = 900


class DeviceState(Struct, frozen=True, kw_only=True):
    """The newest that a device said: `status` is its last online one, `is_online` what the broker said since.

    `config_revision_at` is when it first told of the revision that it goes by, by our clock.
    """

    status: DeviceStatus
    is_online: bool
    received_at: datetime
    online_at: datetime
    config_revision_at: datetime | None = None

    @property
    def clock_offset(self) -> timedelta | None:
        """How far the device's clock is ahead of ours, the way of the status included."""
        return None if self.status.sent_at is None else self.status.sent_at - self.online_at

    def on_our_clock(self, at: datetime | None) -> datetime | None:
        """Return when something that the status dates happened, by our clock: spans are right on a wrong clock."""
        offset = self.clock_offset
        return None if at is None or offset is None else at - offset


class WatchedDevice(Struct, frozen=True, kw_only=True):
    """One device: what it said, what is asked of it, and how far its current epoch is stored."""

    id: int
    name: str
    project: str
    is_paired: bool
    is_revoked: bool
    last_received_at: datetime | None
    state: DeviceState | None
    config: DeviceConfig | None
    config_created_at: datetime | None
    watermark: int | None

    @property
    def status_interval(self) -> timedelta:
        """How often it should tell its state."""
        chosen = None if self.config is None else self.config.status_interval_s
        return timedelta(seconds=chosen or USUAL_STATUS_INTERVAL_S)

    @property
    def canary_interval(self) -> timedelta:
        """How often its canary should come back."""
        chosen = None if self.config is None else self.config.canary_interval_s
        return timedelta(seconds=chosen or USUAL_CANARY_INTERVAL_S)


class ArrivalTally(Struct, frozen=True, kw_only=True):
    """Notifications of one device and app that came to one outcome, between two looks."""

    device_id: int
    package: str
    outcome: OutcomeKind
    reason: str | None
    count: int
    first_captured_at: datetime
    last_captured_at: datetime
    received_at: datetime
    is_replayed: bool = False


class DeadLetterTally(Struct, frozen=True):
    """Payloads of one device that could not be read for one reason, between two looks."""

    device_id: int
    reason: str
    count: int
    received_at: datetime


class Arrivals(Struct, frozen=True, kw_only=True):
    """What was stored between two looks."""

    notifications: tuple[ArrivalTally, ...] = ()
    dead_letters: tuple[DeadLetterTally, ...] = ()
