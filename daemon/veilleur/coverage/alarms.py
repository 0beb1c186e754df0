"""What is wrong as the devices tell it, and as their seqs show."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from veilleur.coverage.seen import Limits, Seen
from veilleur.coverage.states import dead_listener, is_away, is_silent
from veilleur.model.alarms import AlarmCode, AlarmKey
from veilleur.model.coverage import MissingSpan
from veilleur.model.watched import DeviceState, WatchedDevice

_SHOWN_GAPS: Final = 3
_LONGEST_ERROR: Final = 200
CLOCK_WRONG: Final = "clock_wrong"

Found = Iterator[tuple[AlarmKey, str]]


def device_alarms(seen: Seen, limits: Limits) -> Found:
    """Yield what the statuses of all devices tell."""
    for device in seen.devices:
        if device.state is None or device.is_revoked:
            continue
        if is_away(device, seen, limits):
            yield from _silent(device, device.state, seen, limits)
        else:
            yield from _told(device, device.state, seen, limits)


def gap_alarms(seen: Seen, lasting: Collection[MissingSpan]) -> Found:
    """Yield each device of which seqs are missing."""
    for device in seen.devices:
        gaps = sorted(span for span in lasting if span.device_id == device.id)
        if gaps:
            yield AlarmKey(AlarmCode.GAP, device.name), _gap_words(gaps)


def _silent(device: WatchedDevice, state: DeviceState, seen: Seen, limits: Limits) -> Found:
    # A connection that broke for a moment is told by coverage alone.
    gone_for = seen.now - max(state.received_at, seen.watching_since)
    if is_silent(device, seen, limits) or gone_for > limits.silent_intervals * device.status_interval:
        detail = f"no status since {state.online_at:%Y-%m-%d %H:%M} UTC: is it charged, on, and in its network?"
        yield AlarmKey(AlarmCode.DEVICE_SILENT, device.name), detail


def _told(device: WatchedDevice, state: DeviceState, seen: Seen, limits: Limits) -> Found:
    dead = dead_listener(device, state, limits)
    if dead is not None:
        detail = f"{dead.detail}: allow the companion to read notifications again, or restart the tablet"
        yield AlarmKey(AlarmCode.LISTENER_DEAD, device.name), detail
    for package, active in sorted((state.status.active_notifications or {}).items()):
        if active >= limits.many_active:
            yield AlarmKey(AlarmCode.SATURATED, f"{device.name}:{package}"), _active_words(active, limits)
    yield from _config(device, state, seen, limits)
    yield from _unopened(device, state, seen, limits)
    problems = (*(state.status.problems or ()), *_clock_problem(state, limits))
    if problems:
        yield AlarmKey(AlarmCode.DEVICE_PROBLEM, device.name), ", ".join(dict.fromkeys(problems))


def _unopened(device: WatchedDevice, state: DeviceState, seen: Seen, limits: Limits) -> Found:
    for app in state.status.watched_apps or ():
        opened_at = state.on_our_clock(app.opened_at)
        if opened_at is not None and seen.now - opened_at >= limits.unopened_for:
            detail = (
                f"nobody confirmed since {opened_at:%Y-%m-%d} that it was opened, and Android hibernates apps that "
                "nobody opens: open it for a minute and confirm it on the tablet"
            )
            yield AlarmKey(AlarmCode.APP_UNOPENED, f"{device.name}:{app.package}"), detail


def _active_words(active: int, limits: Limits) -> str:
    if active >= limits.saturated_active:
        return f"at least {limits.saturated_active} active notifications: Android sheds further ones; clear them"
    return f"at least {limits.many_active} active notifications: from {limits.saturated_active} on Android sheds them"


def _config(device: WatchedDevice, state: DeviceState, seen: Seen, limits: Limits) -> Found:
    key = AlarmKey(AlarmCode.CONFIG_REFUSED, device.name)
    if state.status.config_error is not None:
        yield key, f"it refused its configuration: {state.status.config_error[:_LONGEST_ERROR]}"
        return
    config, asked_at, in_force = device.config, device.config_created_at, state.status.config_revision or 0
    if config is None or asked_at is None or config.revision == in_force:
        return
    if config.revision < in_force:
        # A restored database: to ask again by itself could open what was closed since.
        yield key, f"it goes by revision {in_force}, and this database knows {config.revision}: change it once to agree"
        return
    waited = seen.now - max(asked_at, seen.watching_since)
    if waited > limits.silent_intervals * device.status_interval:
        yield key, f"revision {config.revision} of its configuration is asked, {in_force} is in force"


def _clock_problem(state: DeviceState, limits: Limits) -> Iterator[str]:
    offset = state.clock_offset
    if offset is not None and abs(offset) > limits.clock_error:
        yield CLOCK_WRONG


def _gap_words(gaps: Collection[MissingSpan]) -> str:
    count = sum(span.through_seq - span.from_seq + 1 for span in gaps)
    spans = ", ".join(span.subject for span in list(gaps)[:_SHOWN_GAPS])
    if len(gaps) > _SHOWN_GAPS:
        spans = f"{spans} and {len(gaps) - _SHOWN_GAPS} more"
    return f"{count} notifications have not come, though later ones have (EPOCH:FROM-THROUGH {spans})"
