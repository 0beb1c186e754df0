"""Whether what a device holds comes through: stored by us, and receipted to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from msgspec import Struct

from veilleur.coverage.seen import Limits, Seen
from veilleur.coverage.states import is_away
from veilleur.model.alarms import AlarmCode, AlarmKey
from veilleur.model.watched import DeviceState, WatchedDevice

_NOTHING_STORED: Final = (
    "it holds {depth} notifications, and none of them is stored: may its account write its topic, and ours read it?"
)
_NO_RECEIPT_PROBLEM: Final = "no_receipt"
_NO_RECEIPT: Final = "what it holds is stored, but it does not take the receipt: may its account read its topic?"


class _Told(Struct, frozen=True):
    """What one status said of the spool, and how far the epoch was stored as it came."""

    online_at: datetime
    epoch: str
    first_seq: int
    watermark: int


class ReceiptProgress:
    """Follows each device from status to status."""

    def __init__(self) -> None:
        self._told: dict[int, _Told] = {}
        self._unreceipted: set[int] = set()
        self._here_since: dict[int, datetime] = {}

    def alarms(self, seen: Seen, limits: Limits) -> Iterator[tuple[AlarmKey, str]]:
        """Yield devices whose spool does not empty though they are here; each look must be given."""
        for device in seen.devices:
            state = device.state
            if state is None or device.is_revoked or _is_gone(device, state, seen, limits):
                self._told.pop(device.id, None)
                self._here_since.pop(device.id, None)
                self._unreceipted.discard(device.id)
                continue
            self._here_since.setdefault(device.id, seen.now)
            self._compare(device, state, limits)
            key = AlarmKey(AlarmCode.NO_RECEIPT_PROGRESS, device.name)
            if self._is_stuck(device, state, seen, limits):
                yield key, _NOTHING_STORED.format(depth=state.status.spool_depth)
            elif device.id in self._unreceipted or _says_so(device, state):
                yield key, _NO_RECEIPT

    def _compare(self, device: WatchedDevice, state: DeviceState, limits: Limits) -> None:
        """Note whether what stood first in the spool was stored at the status before, and stands there still."""
        status, last = state.status, self._told.get(device.id)
        told = _Told(state.online_at, status.epoch, status.first_seq or 0, device.watermark or 0)
        if last is None or last.epoch != told.epoch:
            self._told[device.id] = told
            self._unreceipted.discard(device.id)
        elif told.online_at - last.online_at >= limits.progress_after / 2:
            self._told[device.id] = told
            was_stored = bool(status.spool_depth) and last.watermark >= last.first_seq == told.first_seq
            (self._unreceipted.add if was_stored else self._unreceipted.discard)(device.id)

    def _is_stuck(self, device: WatchedDevice, state: DeviceState, seen: Seen, limits: Limits) -> bool:
        """Return whether something that the device holds waits while nothing of it is stored."""
        status = state.status
        has_all = (status.next_seq or 1) - 1 <= (device.watermark or 0)
        if not status.spool_depth or has_all:
            return False
        # A device that comes back with hours in its spool is given time from then on.
        waits_since = max(state.on_our_clock(status.oldest_at) or state.online_at, self._here_since[device.id])
        is_unheard = device.last_received_at is None or device.last_received_at < waits_since
        return is_unheard and seen.now - waits_since >= limits.progress_after


def _is_gone(device: WatchedDevice, state: DeviceState, seen: Seen, limits: Limits) -> bool:
    """Return whether a device stays away: a line that the broker breaks at each message is no absence."""
    is_back_soon = not state.is_online and seen.now - state.received_at < limits.progress_after / 2
    return is_away(device, seen, limits) and not is_back_soon


def _says_so(device: WatchedDevice, state: DeviceState) -> bool:
    """Return whether the device itself misses the receipt of something that is stored."""
    status = state.status
    is_stored = (device.watermark or 0) >= (status.first_seq or 1)
    return _NO_RECEIPT_PROBLEM in (status.problems or ()) and bool(status.spool_depth) and is_stored
