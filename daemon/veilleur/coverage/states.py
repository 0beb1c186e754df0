"""Which states of a device hold: away, its listener dead, an app's notifications shed; and when they ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from veilleur.coverage.seen import Limits, Seen
from veilleur.model.coverage import WHOLE_DEVICE, CoverageCause, OpenInterval
from veilleur.model.watched import DeviceState, WatchedDevice
from veilleur.store.coverage_rows import Ending, LedgerRow, StateChanges
from veilleur.store.instants import to_ms

_LEFT: Final = "it left the broker, or its connection broke"
_SILENT: Final = "no status for longer than three of its intervals"
_UNBOUND: Final = "Android has the notification listener disconnected"
_UNHEARD: Final = "nothing came back through Android for longer than two and a half canary intervals"
_RESTARTED: Final = "back: its system had started anew, and nothing was captured until then"
_BACK: Final = "back: what it captured meanwhile comes out of its spool"


class HoldingState(Struct, frozen=True):
    """A state that holds now, and from when on."""

    cause: CoverageCause
    subject: str
    since_at: datetime
    detail: str


def is_away(device: WatchedDevice, seen: Seen, limits: Limits) -> bool:
    """Return whether a device is away: the broker says so, or it is silent."""
    return device.state is not None and (not device.state.is_online or is_silent(device, seen, limits))


def is_silent(device: WatchedDevice, seen: Seen, limits: Limits) -> bool:
    """Return whether no status came for three of its intervals, of which this daemon listened all the time."""
    if device.state is None:
        return False
    quiet = seen.now - max(device.state.online_at, seen.watching_since)
    return quiet > limits.silent_intervals * device.status_interval


def listener_silence(state: DeviceState) -> timedelta | None:
    """Return for how long the listener had heard nothing as the device said its state, by the device's clock alone."""
    status = state.status
    if status.canary_age_s is not None:
        return timedelta(seconds=status.canary_age_s)
    if status.last_callback_at is None or status.sent_at is None:
        return None
    return status.sent_at - status.last_callback_at


def dead_listener(device: WatchedDevice, state: DeviceState, limits: Limits) -> HoldingState | None:
    """Return since when the listener hears nothing, None where it does."""
    silence = listener_silence(state)
    if state.status.listener_bound is False:
        since_at = state.online_at if silence is None else state.online_at - silence
        return HoldingState(CoverageCause.LISTENER_DEAD, WHOLE_DEVICE, since_at, _UNBOUND)
    if silence is not None and silence > limits.canary_intervals * device.canary_interval:
        return HoldingState(CoverageCause.LISTENER_DEAD, WHOLE_DEVICE, state.online_at - silence, _UNHEARD)
    return None


def state_changes(seen: Seen, limits: Limits) -> StateChanges:
    """Return what began, ended or is otherwise than the ledger has it; it keeps each state's first beginning."""
    holding = {
        (device.id, state.cause, state.subject): state
        for device in seen.devices
        for state in _states(device, seen, limits)
    }
    devices = {device.id: device for device in seen.devices}
    opened = {(row.device_id, row.cause, row.subject): row for row in seen.open_states}
    begun = (_begun(key[0], state) for key, state in holding.items() if key not in opened)
    over = (row for key, row in opened.items() if key not in holding)
    ended = (_ending(row, devices, seen) for row in over if not _is_unknown(row, devices, seen, limits))
    reworded = (
        (opened[key].row_id, state.detail)
        for key, state in holding.items()
        if key in opened and opened[key].detail != state.detail
    )
    return StateChanges(tuple(begun), tuple(ended), tuple(reworded))


def _states(device: WatchedDevice, seen: Seen, limits: Limits) -> Iterator[HoldingState]:
    state = device.state
    if state is None or device.is_revoked:
        return
    if not state.is_online:
        yield HoldingState(CoverageCause.OFFLINE, WHOLE_DEVICE, state.received_at, _LEFT)
    elif is_silent(device, seen, limits):
        yield HoldingState(CoverageCause.OFFLINE, WHOLE_DEVICE, state.online_at, _SILENT)
    else:
        dead = dead_listener(device, state, limits)
        if dead is not None:
            yield dead
        for package, active in sorted((state.status.active_notifications or {}).items()):
            if active >= limits.saturated_active:
                detail = f"at least {limits.saturated_active} active notifications: Android sheds further ones"
                yield HoldingState(CoverageCause.SATURATED, package, state.online_at, detail)


def _begun(device_id: int, state: HoldingState) -> LedgerRow:
    return LedgerRow(
        device_id=device_id,
        cause=state.cause,
        subject=state.subject,
        since_ms=to_ms(state.since_at),
        until_ms=None,
        detail=state.detail,
    )


def _is_unknown(row: OpenInterval, devices: Mapping[int, WatchedDevice], seen: Seen, limits: Limits) -> bool:
    """Return whether a device is away, so that nobody knows if what its last status told has ended."""
    device = devices.get(row.device_id)
    return row.cause is not CoverageCause.OFFLINE and device is not None and is_away(device, seen, limits)


def _ending(row: OpenInterval, devices: Mapping[int, WatchedDevice], seen: Seen) -> Ending:
    device = devices.get(row.device_id)
    state = None if device is None or device.is_revoked else device.state
    if state is None:
        return Ending(row.row_id, seen.now, row.detail)
    if row.cause is not CoverageCause.OFFLINE:
        return Ending(row.row_id, state.online_at, row.detail)
    booted_at = state.on_our_clock(state.status.booted_at)
    has_restarted = booted_at is not None and booted_at > row.since_at
    return Ending(row.row_id, state.online_at, _RESTARTED if has_restarted else _BACK)
