"""The status: what a device says of itself, and the will that the broker sends for it (contract: status.v1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from veilleur_bridge.encoding import write_message
from veilleur_bridge.envelope import SourceInfo
from veilleur_bridge.wire.members import MAX_ID_LENGTH, MAX_PACKAGE_LENGTH, Members, counts_of, read_members

MAX_INT64: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ReceiptInForce:
    """The receipt that the device goes by."""

    store: str
    round: int
    through_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AndroidInfo:
    """The device's system."""

    release: str | None = None
    sdk: int | None = None
    maker: str | None = None
    model: str | None = None
    security_patch: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedApp:
    """How one app of the allow-list does on the device."""

    package: str
    installed: bool | None = None
    version: str | None = None
    notifications_allowed: bool | None = None
    blocked_channels: tuple[str, ...] | None = None
    exempt_from_hibernation: bool | None = None
    opened_at: datetime | None = None
    last_event_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceStatus:
    """One status; where `online`, the two seqs, `spool_depth`, `sent_at` and `config_revision` are there too."""

    online: bool
    epoch: str
    first_seq: int | None = None
    next_seq: int | None = None
    spool_depth: int | None = None
    spool_bytes: int | None = None
    spool_cap_bytes: int | None = None
    oldest_at: datetime | None = None
    sent_at: datetime | None = None
    receipt: ReceiptInForce | None = None
    config_revision: int | None = None
    config_error: str | None = None
    source: SourceInfo | None = None
    android: AndroidInfo | None = None
    locale: str | None = None
    time_zone: str | None = None
    booted_at: datetime | None = None
    listener_bound: bool | None = None
    last_callback_at: datetime | None = None
    canary_age_s: float | None = None
    battery_percent: int | None = None
    charging: bool | None = None
    battery_temperature_c: float | None = None
    free_bytes: int | None = None
    network: str | None = None
    active_notifications: dict[str, int] | None = None
    captured: dict[str, int] | None = None
    dropped: dict[str, int] | None = None
    redacted: dict[str, int] | None = None
    watched_apps: tuple[WatchedApp, ...] | None = None
    problems: tuple[str, ...] | None = None


def read_status(payload: bytes) -> DeviceStatus | None:
    """Return the status, or None where a required member is missing or wrong; an optional one that is wrong is None."""
    members = read_members(payload)
    if members is None:
        return None
    online, epoch = members.flag("online"), members.text("epoch", longest=MAX_ID_LENGTH)
    if online is None or epoch is None:
        return None
    status = _status(members, epoch, online=online)
    required = (status.first_seq, status.next_seq, status.spool_depth, status.sent_at, status.config_revision)
    return None if online and None in required else status


def write_status(status: DeviceStatus) -> bytes:
    """Return the status as the wire has it."""
    return write_message(status)


def will_of(epoch: str) -> bytes:
    """Return the last will: this epoch's device is gone."""
    return write_message(DeviceStatus(epoch=epoch, online=False))


def _status(members: Members, epoch: str, *, online: bool) -> DeviceStatus:
    return DeviceStatus(
        online=online,
        epoch=epoch,
        first_seq=members.integer("first_seq", least=1),
        next_seq=members.integer("next_seq", least=1),
        spool_depth=members.integer("spool_depth"),
        spool_bytes=members.integer("spool_bytes", most=MAX_INT64),
        spool_cap_bytes=members.integer("spool_cap_bytes", most=MAX_INT64),
        oldest_at=members.instant("oldest_at"),
        sent_at=members.instant("sent_at"),
        receipt=_receipt(members.inner("receipt")),
        config_revision=members.integer("config_revision"),
        config_error=members.text("config_error"),
        source=_source(members.inner("source")),
        android=_android(members.inner("android")),
        locale=members.text("locale"),
        time_zone=members.text("time_zone"),
        booted_at=members.instant("booted_at"),
        listener_bound=members.flag("listener_bound"),
        last_callback_at=members.instant("last_callback_at"),
        canary_age_s=members.number("canary_age_s", least=0),
        battery_percent=members.integer("battery_percent", most=100),
        charging=members.flag("charging"),
        battery_temperature_c=members.number("battery_temperature_c"),
        free_bytes=members.integer("free_bytes", most=MAX_INT64),
        network=members.text("network"),
        active_notifications=counts_of(members.inner("active_notifications")),
        captured=counts_of(members.inner("captured")),
        dropped=counts_of(members.inner("dropped")),
        redacted=counts_of(members.inner("redacted")),
        watched_apps=_watched_apps(members),
        problems=members.texts("problems"),
    )


def _receipt(members: Members | None) -> ReceiptInForce | None:
    if members is None:
        return None
    store = members.text("store", longest=MAX_ID_LENGTH)
    round_, through_seq = members.integer("round"), members.integer("through_seq")
    if store is None or round_ is None or through_seq is None:
        return None
    return ReceiptInForce(store, round_, through_seq)


def _source(members: Members | None) -> SourceInfo | None:
    kind = None if members is None else members.text("kind", longest=MAX_ID_LENGTH)
    return None if members is None or kind is None else SourceInfo(kind, members.text("version"))


def _android(members: Members | None) -> AndroidInfo | None:
    if members is None:
        return None
    return AndroidInfo(
        release=members.text("release"),
        sdk=members.integer("sdk", least=1, most=1000),
        maker=members.text("maker"),
        model=members.text("model"),
        security_patch=members.text("security_patch"),
    )


def _watched_apps(members: Members) -> tuple[WatchedApp, ...] | None:
    found = members.each("watched_apps")
    return None if found is None else tuple(app for app in map(_watched_app, found) if app is not None)


def _watched_app(members: Members) -> WatchedApp | None:
    package = members.text("package", longest=MAX_PACKAGE_LENGTH)
    if package is None:
        return None
    return WatchedApp(
        package=package,
        installed=members.flag("installed"),
        version=members.text("version"),
        notifications_allowed=members.flag("notifications_allowed"),
        blocked_channels=members.texts("blocked_channels"),
        exempt_from_hibernation=members.flag("exempt_from_hibernation"),
        opened_at=members.instant("opened_at"),
        last_event_at=members.instant("last_event_at"),
    )
