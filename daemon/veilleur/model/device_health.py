"""How one device is, as its statuses, its config and the alarms about it say."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from veilleur.model.alarms import Alarm
from veilleur.model.listing import Device


class SpoolStanding(Struct, frozen=True, kw_only=True):
    """What a device has captured and not been receipted."""

    depth: int | None
    size_bytes: int | None
    cap_bytes: int | None
    oldest_at: datetime | None
    first_seq: int | None
    next_seq: int | None
    stored_through_seq: int | None


class ConfigStanding(Struct, frozen=True, kw_only=True):
    """Which revision of its configuration is asked of a device, and which it goes by.

    `in_force_at` is when its status first told of that revision, by our clock; None where nobody knows.
    """

    asked_revision: int | None
    asked_at: datetime | None
    in_force_revision: int | None
    error: str | None
    in_force_at: datetime | None = None


class DeviceHealth(Struct, frozen=True, kw_only=True):
    """One device; everything that its status tells is None before the first.

    `told_at` is when we received its last status, the other times of its own are by its clock.
    """

    device: Device
    is_online: bool | None
    told_at: datetime | None
    clock_offset_s: float | None
    epoch: str | None
    spool: SpoolStanding | None
    source: str | None
    source_version: str | None
    android: str | None
    listener_is_bound: bool | None
    last_callback_at: datetime | None
    canary_age_s: float | None
    battery_percent: int | None
    is_charging: bool | None
    free_bytes: int | None
    network: str | None
    active_notifications: dict[str, int]
    dropped: dict[str, int]
    problems: tuple[str, ...]
    config: ConfigStanding
    alarms: tuple[Alarm, ...]
