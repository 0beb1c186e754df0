"""Wires the Watchman: every few seconds it looks at what is stored, and keeps coverage, alarms and configs up to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Final

import structlog

from veilleur.app.clock import utc_now
from veilleur.app.lasting import LastingThread
from veilleur.app.plugins.standing import Standings
from veilleur.app.plugins.suspensions import tell_suspensions
from veilleur.app.settings import Settings
from veilleur.coverage.examination import RULED, Examiner
from veilleur.coverage.seen import Limits, Seen
from veilleur.model.alarms import AlarmCode
from veilleur.model.coverage import LostTally
from veilleur.model.device_config import first_config
from veilleur.model.errors import AlreadyRunning, StoreError
from veilleur.model.readiness import PartState
from veilleur.model.watched import Arrivals, DeviceState, WatchedDevice
from veilleur.store.alarms import clear_alarm, raise_alarm, settle_alarms
from veilleur.store.arrival_ledger import Cursor, arrivals_after
from veilleur.store.coverage_rows import DropCounts, open_states, tell_drops, write_states
from veilleur.store.database import Database
from veilleur.store.device_configs import give_first_config, newest_payloads
from veilleur.store.gap_ledger import missing_spans, settle_gaps
from veilleur.store.lease import WATCHMAN, lease
from veilleur.store.pairing import revoked_devices
from veilleur.store.parse_rates import recent_wordings
from veilleur.store.watching import note_look, watched_devices
from veilleur_bridge.delivery import Clock
from veilleur_bridge.topics import READ_BY_DEVICE, DeviceChannel, DeviceTopic

_PART: Final = "watchman"
_STALLED_LOOKS: Final = 6
_LEAST_STALL: Final = timedelta(seconds=30)
_STOP_WITHIN_S: Final = 2.0

log = structlog.get_logger()

Publish = Callable[[DeviceTopic, bytes], None]
Parts = Callable[[], tuple[PartState, ...]]


class Watchman:
    """Looks, judges and writes; of several daemons on one database one does so, and each publishes configs."""

    def __init__(
        self, settings: Settings, database: Database, *, publish: Publish, parts: Parts, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._standings = Standings(settings.plugins_dir, clock)
        self._daemon = settings.daemon_name
        self._clock = clock
        self._publish = publish
        self._parts = parts
        self._interval = timedelta(seconds=settings.watch_interval_s)
        self._examiner = Examiner(limits_of(self._interval))
        self._leased = ExitStack()
        self._is_leader = False
        self._watching_since = clock()
        self._looked_at = self._watching_since
        self._cursor = Cursor()
        self._newly_lost: tuple[LostTally, ...] = ()
        self._published: dict[str, int] = {}
        self._taken_back: set[str] = set()
        self._dropped: dict[int, DropCounts] = {}

    def turn(self) -> float:
        """Look once; return the seconds until the next look."""
        try:
            self._publish_configs()
            self._take_back_from_revoked()
            tell_suspensions(self._database, self._standings, self._daemon, self._clock())
            if self._lead():
                self._look(self._clock())
        except StoreError as error:
            # The database is away or busy: its own parts of /readyz say so, and the next look tries again.
            log.warning("look put off", reason=type(error).__name__)
        else:
            self._looked_at = self._clock()
        return self._interval.total_seconds()

    def part(self) -> PartState:
        """Return whether looks are made, for `/readyz`."""
        is_ok = self._clock() - self._looked_at < self._stall
        return PartState(_PART, is_ok, None if is_ok else "it has not looked for a while: see the daemon's log")

    def close(self) -> None:
        """Let another daemon's Watchman take over."""
        self._leased.close()

    @property
    def _stall(self) -> timedelta:
        return max(_STALLED_LOOKS * self._interval, _LEAST_STALL)

    def _lead(self) -> bool:
        if not self._is_leader:
            try:
                self._leased.enter_context(lease(self._database, WATCHMAN, wait_seconds=0))
            except AlreadyRunning:
                return False
            self._is_leader = True
        return True

    def _look(self, now: datetime) -> None:
        arrivals, self._cursor = arrivals_after(self._database, self._cursor)
        devices = watched_devices(self._database)
        self._give_first_configs(devices, now)
        self._tell_drops(devices)
        examined = self._examiner.examine(self._seen(devices, arrivals, now))
        write_states(self._database, examined.states)
        self._newly_lost = settle_gaps(self._database, examined.missing).lost
        settle_alarms(self._database, examined.alarms, ruled=RULED, now=now)
        self._tell_stall(now)
        note_look(self._database, now)

    def _seen(self, devices: tuple[WatchedDevice, ...], arrivals: Arrivals, now: datetime) -> Seen:
        parts = self._parts()
        if not all(part.is_ok for part in parts):
            # Who cannot be heard is not silent: silence is counted anew once all is connected.
            self._watching_since = now
        return Seen(
            now=now,
            watching_since=self._watching_since,
            devices=devices,
            open_states=open_states(self._database),
            missing=missing_spans(self._database),
            newly_lost=self._newly_lost,
            arrivals=arrivals,
            parts=parts,
            wordings=recent_wordings(self._database),
        )

    def _give_first_configs(self, devices: tuple[WatchedDevice, ...], now: datetime) -> None:
        for device in devices:
            if device.state is not None and _lacks_config(device, device.state):
                source = device.state.status.source
                first = first_config(None if source is None else source.kind)
                give_first_config(self._database, device.id, first, now=now)
                log.info("first config given", device=device.name)

    def _tell_drops(self, devices: tuple[WatchedDevice, ...]) -> None:
        for device in devices:
            state = device.state
            if state is None or state.status.dropped is None:
                continue
            news, before = DropCounts(state.status.epoch, state.status.dropped, state.online_at), self._dropped
            if before.get(device.id) != news:
                tell_drops(self._database, device.id, news, before.get(device.id))
                before[device.id] = news

    def _publish_configs(self) -> None:
        for newest in newest_payloads(self._database):
            if self._published.get(newest.device) != newest.revision:
                self._publish(DeviceTopic(newest.device, DeviceChannel.CONFIG), newest.payload)
                self._published[newest.device] = newest.revision
                log.info("config published", device=newest.device, revision=newest.revision)

    def _take_back_from_revoked(self) -> None:
        """Leave nothing at the broker of what revoked devices were told: nobody reads it any more."""
        revoked = set(revoked_devices(self._database))
        for device in sorted(revoked - self._taken_back):
            for channel in READ_BY_DEVICE:
                self._publish(DeviceTopic(device, channel), b"")
            self._published.pop(device, None)
        self._taken_back = revoked

    def _tell_stall(self, now: datetime) -> None:
        """Keep that looks were not made for a while: what was wrong then was told by nobody."""
        if now - self._looked_at >= self._stall:
            detail = f"no look was made from {self._looked_at:%Y-%m-%d %H:%M:%S} UTC on: alarms of then are missing"
            raise_alarm(self._database, AlarmCode.WATCHMAN_STALLED, _PART, detail, now)
        else:
            clear_alarm(self._database, AlarmCode.WATCHMAN_STALLED, _PART, now)


def _lacks_config(device: WatchedDevice, state: DeviceState) -> bool:
    """Return whether nobody asked anything of a device; one that goes by something unknown here is left alone."""
    is_asked = device.config_created_at is not None or bool(state.status.config_revision)
    return not (is_asked or device.is_revoked)


def limits_of(interval: timedelta) -> Limits:
    """Return how patient the rules are: what they wait for grows with the time between two looks."""
    return Limits(gap_after=3 * interval, progress_after=6 * interval)


@contextmanager
def running_watch(settings: Settings, database: Database, *, publish: Publish, parts: Parts) -> Iterator[Watchman]:
    """Watch while the block runs, on a thread of its own."""
    watchman = Watchman(settings, database, publish=publish, parts=parts)
    thread = LastingThread("watchman", watchman.turn)
    thread.start()
    try:
        yield watchman
    finally:
        thread.stop(_STOP_WITHIN_S)
        watchman.close()
