"""Looks at a notification list again and again, and waits longer while there is nothing to see."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from veilleur_bridge.envelope import EventKind
from veilleur_bridge.errors import SpoolError
from veilleur_bridge.sources.list_changes import ActiveList
from veilleur_bridge.sources.list_teller import ListTeller
from veilleur_bridge.sources.look import Look, Problem, Trouble

LONGEST_PAUSE_SECONDS: Final = 30.0


class Lookout(Protocol):
    """Something to look at; `cancel` ends a look that is under way, from a signal handler."""

    def look(self) -> Look: ...

    def cancel(self) -> None: ...


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one poll came to: `active` counts the notifications shown by package, None where nothing was seen."""

    active: Mapping[str, int] | None = None
    spooled: Mapping[EventKind, int] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()


Reporting = Callable[[PollReport], None]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait between two polls, and the sign to stop."""

    interval_seconds: float
    stop: threading.Event


class Poller(Protocol):
    """A source that polls, on a thread of its own."""

    def run(self, config_revision: Callable[[], int | None]) -> None:
        """Poll until told to stop; `config_revision` is None before the device has a configuration."""

    def cancel(self) -> None:
        """End what is under way, where that can be; from any thread."""


class Polling:
    """One list, its teller and the pace between two looks."""

    def __init__(self, lookout: Lookout, teller: ListTeller, pace: Pace, report: Reporting) -> None:
        self._lookout = lookout
        self._teller = teller
        self._pace = pace
        self._report = report

    def run(self, config_revision: Callable[[], int | None]) -> None:
        """Poll until told to stop; each poll reports, and tells what changed once there is a configuration."""
        pause_seconds = self._pace.interval_seconds
        while not self._pace.stop.is_set():
            report = self._poll(config_revision())
            if report is None:
                return
            self._report(report)
            longest = max(LONGEST_PAUSE_SECONDS, self._pace.interval_seconds)
            pause_seconds = min(2 * pause_seconds, longest) if report.active is None else self._pace.interval_seconds
            self._pace.stop.wait(pause_seconds)

    def cancel(self) -> None:
        """End a look that is under way; `stop` is set before."""
        self._lookout.cancel()

    def _poll(self, config_revision: int | None) -> PollReport | None:
        """Return None where a stop cut off the look; what was told before a stop is still reported, and so counted."""
        look = self._lookout.look()
        if self._pace.stop.is_set():
            return None
        troubles = (look.trouble,) if look.trouble else ()
        if look.shown is None:
            return PollReport(troubles=troubles)
        self._teller.locale = look.locale or self._teller.locale
        active = _by_package(look.shown)
        if config_revision is None:
            return PollReport(active, troubles=troubles)
        try:
            return PollReport(active, self._teller.tell(look.shown, config_revision), troubles)
        except SpoolError as error:
            return PollReport(active, troubles=(*troubles, Trouble(Problem.SPOOL_REFUSED, str(error))))


def _by_package(shown: ActiveList) -> Mapping[str, int]:
    return Counter(found.package for found in shown.notifications)
