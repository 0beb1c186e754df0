"""Reads how one device is: its row, its newest status, its config and the alarms about it."""

from __future__ import annotations

from veilleur.model.device_health import ConfigStanding, DeviceHealth, SpoolStanding
from veilleur.model.scope import Scope
from veilleur.model.watched import DeviceState, WatchedDevice
from veilleur.store.alarms import list_alarms
from veilleur.store.database import Database
from veilleur.store.devices import list_devices
from veilleur.store.watching import watched_devices


def read_device_health(database: Database, scope: Scope, name: str) -> DeviceHealth | None:
    """Return how a device is; None where the project has none of this name."""
    listed = next((one for one in list_devices(database, scope) if one.name == name), None)
    watched = next((one for one in watched_devices(database) if one.name == name), None)
    if listed is None or watched is None:
        return None
    state = watched.state
    status = None if state is None else state.status
    source = None if status is None else status.source
    android = None if status is None else status.android
    about = (alarm for alarm in list_alarms(database, scope, is_open=True) if alarm.subject.partition(":")[0] == name)
    return DeviceHealth(
        device=listed,
        is_online=None if state is None else state.is_online,
        told_at=None if state is None else state.online_at,
        clock_offset_s=_clock_offset_s(state),
        epoch=None if status is None else status.epoch,
        spool=None if state is None else _spool(watched, state),
        source=None if source is None else source.kind,
        source_version=None if source is None else source.version,
        android=None if android is None else android.release,
        listener_is_bound=None if status is None else status.listener_bound,
        last_callback_at=None if status is None else status.last_callback_at,
        canary_age_s=None if status is None else status.canary_age_s,
        battery_percent=None if status is None else status.battery_percent,
        is_charging=None if status is None else status.charging,
        free_bytes=None if status is None else status.free_bytes,
        network=None if status is None else status.network,
        active_notifications=(status and status.active_notifications) or {},
        dropped=(status and status.dropped) or {},
        problems=(status and status.problems) or (),
        config=_config(watched, state),
        alarms=tuple(about),
    )


def _clock_offset_s(state: DeviceState | None) -> float | None:
    offset = None if state is None else state.clock_offset
    return None if offset is None else offset.total_seconds()


def _spool(device: WatchedDevice, state: DeviceState) -> SpoolStanding:
    status = state.status
    return SpoolStanding(
        depth=status.spool_depth,
        size_bytes=status.spool_bytes,
        cap_bytes=status.spool_cap_bytes,
        oldest_at=status.oldest_at,
        first_seq=status.first_seq,
        next_seq=status.next_seq,
        stored_through_seq=device.watermark,
    )


def _config(device: WatchedDevice, state: DeviceState | None) -> ConfigStanding:
    return ConfigStanding(
        asked_revision=None if device.config is None else device.config.revision,
        asked_at=device.config_created_at,
        in_force_revision=None if state is None else state.status.config_revision,
        in_force_at=None if state is None else state.config_revision_at,
        error=None if state is None else state.status.config_error,
    )
