"""A simulated tablet: a real device program that is offered one moment after the other, and left and taken up again."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Final

from veilleur_bridge.captured import DropReason
from veilleur_bridge.device_program import DeviceProgram, DeviceSettings, DeviceState
from veilleur_bridge.redaction_rules import load_rules
from veilleur_bridge.simulation.disorder import Disorder, ErringClock
from veilleur_bridge.simulation.ledger import Ledger
from veilleur_bridge.simulation.moments import Moment
from veilleur_bridge.simulation.spool import SimulatedSpool
from veilleur_bridge.stop_signal import StopSignal

EVENTS_PER_CLOCK_ERROR: Final = 100
_LOOK_EVERY_S: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How a simulated tablet behaves: events offered at once, events between two reconnects, its errors."""

    burst: int = 1
    reconnect_every: int | None = None
    disorder: Disorder = field(default_factory=Disorder)
    clock_errors: tuple[timedelta, ...] = (timedelta(0),)


class SimulatedTablet:
    """Runs from construction to `close`; a signal ends `play` and the waiting."""

    def __init__(
        self, settings: DeviceSettings, behaviour: Behaviour, ledger: Ledger | None, told_to_stop: StopSignal
    ) -> None:
        self.spooled = 0
        self.dropped: dict[DropReason, int] = {}
        self._settings, self._behaviour, self._ledger = settings, behaviour, ledger
        self._rules = load_rules()
        self._clock = ErringClock()
        self._told_to_stop = told_to_stop
        self._err(0)
        self._program = self._start()

    def state(self) -> DeviceState:
        """Return how the device is."""
        return self._program.state()

    def play(self, moments: Iterable[Moment]) -> None:
        """Offer each moment when it is due, until the last one or the signal; raises SpoolError."""
        began_s = time.monotonic()
        offered = 0
        for burst in _in_bursts(iter(moments), self._behaviour.burst):
            if self._told_to_stop.wait(max(0.0, burst[-1].after_s - (time.monotonic() - began_s))):
                return
            self._offer(burst)
            before, offered = offered, offered + len(burst)
            self._err(offered)
            every = self._behaviour.reconnect_every
            if every is not None and offered // every > before // every:
                self._program.close()
                self._program = self._start()

    def wait_until_empty(self) -> bool:
        """Return True once receipts cover all that was spooled, False when told to stop before that."""
        while self.state().spool.depth:
            if self._told_to_stop.wait(_LOOK_EVERY_S):
                return False
        return True

    def wait(self) -> bool:
        """Go on as a tablet on which nothing happens, until the signal; return False."""
        return not self._told_to_stop.wait()

    def close(self) -> None:
        """Leave the broker and the spool."""
        self._program.close()

    def _start(self) -> DeviceProgram:
        spool = SimulatedSpool(
            self._settings.folder,
            clock=self._clock,
            cap_bytes=self._settings.cap_bytes,
            ledger=self._ledger,
            disorder=self._behaviour.disorder,
        )
        return DeviceProgram(self._settings, rules=self._rules, clock=self._clock, spool=spool)

    def _offer(self, burst: list[Moment]) -> None:
        for fate in self._program.offer_many([moment.show(self._clock()) for moment in burst]):
            if fate.dropped is None:
                self.spooled += 1
            else:
                self.dropped[fate.dropped] = self.dropped.get(fate.dropped, 0) + 1

    def _err(self, offered: int) -> None:
        errors = self._behaviour.clock_errors
        self._clock.ahead = errors[offered // EVENTS_PER_CLOCK_ERROR % len(errors)]


def _in_bursts(moments: Iterator[Moment], size: int) -> Iterator[list[Moment]]:
    while burst := list(islice(moments, size)):
        yield burst
