"""Runs one device in the foreground: its poller on a thread, its spool and link, until Ctrl+C or SIGTERM."""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Final

import structlog

from veilleur_bridge.captured import Captured
from veilleur_bridge.command.identity import Identity
from veilleur_bridge.command.status_line import StatusLine
from veilleur_bridge.device_program import DeviceProgram, DeviceSettings
from veilleur_bridge.envelope import EventKind, SourceInfo, SourceKind
from veilleur_bridge.lost import Sender
from veilleur_bridge.notification_screen import NotificationScreen
from veilleur_bridge.redaction_rules import RedactionRules, load_rules
from veilleur_bridge.sources.list_teller import ListTeller
from veilleur_bridge.sources.polling import Lookout, Pace, Poller, Polling, PollReport
from veilleur_bridge.sources.told_list import ToldList
from veilleur_bridge.stop_signal import stop_signal

FAILED: Final = 1
TURN_SECONDS: Final = 0.5
GOODBYE_SECONDS: Final = 3.0
_SPOOL: Final = "spool"
_TOLD: Final = "told.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceParts:
    """What a poller is made from."""

    offer: Callable[[Captured], bool]
    report: Callable[[PollReport], None]
    pace: Pace
    folder: Path
    rules: RedactionRules
    clock: Callable[[], datetime]


MakePoller = Callable[[DeviceParts], Poller]


def run_device(identity: Identity, kind: SourceKind, interval_seconds: float, make_poller: MakePoller) -> int:
    """Run until told to stop; return 0, or 1 where the poller died. Raises SpoolError, ContractError."""
    log_errors_alone()
    rules, stop = load_rules(), threading.Event()
    source = SourceInfo(kind, _version())
    settings = DeviceSettings(
        sender=Sender(identity.device, source), folder=identity.folder / _SPOOL, options=identity.mqtt_options()
    )
    program = DeviceProgram(settings, rules=rules, clock=_now)
    watched = _WatchedDevice(identity.device, program)
    try:
        poller = make_poller(
            DeviceParts(
                offer=watched.offer,
                report=watched.report,
                pace=Pace(interval_seconds, stop),
                folder=identity.folder,
                rules=rules,
                clock=_now,
            )
        )
        return _run(poller, watched, stop)
    finally:
        program.close()


def poll_list(parts: DeviceParts, lookout: Lookout) -> Poller:
    """Return the poller of a device's notification list."""
    screen = NotificationScreen(parts.rules)
    teller = ListTeller(
        parts.offer, ToldList(parts.folder / _TOLD), lambda shown: screen.screen(shown).notification, clock=parts.clock
    )
    return Polling(lookout, teller, parts.pace, parts.report)


class _WatchedDevice:
    """A device program as its poller and its person see it."""

    def __init__(self, device: str, program: DeviceProgram) -> None:
        self._device = device
        self._program = program
        self._last = PollReport()
        self._has_looked = False
        self._spooled: Counter[EventKind] = Counter()

    def offer(self, captured: Captured) -> bool:
        return self._program.offer(captured).seq is not None

    def config_revision(self) -> int | None:
        config = self._program.config()
        return None if config is None else config.revision

    def report(self, report: PollReport) -> None:
        self._program.report(
            [trouble.problem for trouble in report.troubles],
            listener_bound=report.active is not None,
            active=report.active,
        )
        self._spooled.update(report.spooled)
        self._last, self._has_looked = report, True

    def news(self) -> str:
        """Say what a person must know: what is wrong, else that all is well."""
        link = self._program.state().link
        wrong = [] if link.is_up else [link.last_error or "connecting to the broker"]
        if link.is_up and self._program.config() is None:
            wrong.append("waiting for the daemon's configuration: nothing is captured before it comes")
        wrong += [trouble.advice for trouble in self._last.troubles]
        fine = "capturing" if self._has_looked else "looking"
        return f"{self._device}: {'; '.join(wrong) if wrong else fine}"

    def figures(self) -> str:
        """Say how much was taken and what still waits."""
        spool = self._program.state().spool
        return f"{sum(self._spooled.values())} taken, {spool.depth} waiting to be stored{_shown(self._last.active)}"


def _run(poller: Poller, watched: _WatchedDevice, stop: threading.Event) -> int:
    thread = threading.Thread(target=poller.run, args=(watched.config_revision,), name="poller", daemon=True)
    line = StatusLine(
        sys.stderr, columns=os.get_terminal_size(sys.stderr.fileno()).columns if sys.stderr.isatty() else None
    )
    told = stop_signal()
    thread.start()
    while thread.is_alive() and not stop.is_set():
        line.show(watched.news(), watched.figures())
        if told.wait(TURN_SECONDS):
            stop.set()
    has_died = not stop.is_set()
    stop.set()
    poller.cancel()
    thread.join(GOODBYE_SECONDS)
    line.end(f"stopped by an error of its own, {watched.figures()}" if has_died else f"stopped, {watched.figures()}")
    return FAILED if has_died else 0


def _shown(active: Mapping[str, int] | None) -> str:
    return "" if active is None else f", {sum(active.values())} in sight"


def _version() -> str | None:
    try:
        return metadata.version("veilleur")
    except metadata.PackageNotFoundError:
        return None


def _now() -> datetime:
    return datetime.now(UTC)


def log_errors_alone() -> None:
    """Keep the log to our own errors, on standard error: what the status line says is not said twice."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("error"),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
