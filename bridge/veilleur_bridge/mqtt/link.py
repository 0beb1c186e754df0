"""A lasting link to a broker: one thread that connects, keeps turning, and begins again with a jittered back-off."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

import structlog

from veilleur_bridge.delivery import Clock
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt.connection import Connection, ProtocolRefused
from veilleur_bridge.mqtt.events import Event, Ready
from veilleur_bridge.mqtt.options import MqttOptions, MqttProtocol

TURN_SECONDS: Final = 1.0
SILENT_AFTER_SECONDS: Final = 15.0
FIRST_DELAY_SECONDS: Final = 0.2
SETTLED_AFTER_SECONDS: Final = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LinkState:
    """How the link is: `since_at` is the last change of `is_up`; `contained_errors` counts our own faults."""

    is_up: bool
    since_at: datetime
    last_error: str | None
    connections: int
    contained_errors: int


class LinkUser(Protocol):
    """Who uses a link. Called on the link's thread only, and never while paho holds a lock."""

    def take_events(self, connection: Connection, events: Sequence[Event]) -> None:
        """Handle what came and send what waits; called each turn, also with no events. BrokerError reconnects."""

    def connection_over(self) -> None:
        """Forget what belonged to the connection that just ended."""


class MqttLink:
    """Keeps one connection at a time for its user, from construction to `close`; each has its own generation."""

    def __init__(self, options: MqttOptions, user: LinkUser, *, clock: Clock) -> None:
        self._options = options
        self._user = user
        self._clock = clock
        self._protocol = options.protocol
        self._closing = threading.Event()
        self._connection: Connection | None = None
        self._generation = 0
        self._failures_in_a_row = 0
        self._contained_errors = 0
        self._is_ready = False
        self._since_at = clock()
        self._last_error: str | None = None
        self._last_turn = time.monotonic()
        self._thread = self._start_thread()

    def state(self) -> LinkState:
        """Return how the link is; a thread that died or hangs counts as down whatever the socket says."""
        is_turning = self._thread.is_alive() and time.monotonic() - self._last_turn < SILENT_AFTER_SECONDS
        return LinkState(
            is_up=self._is_ready and is_turning,
            since_at=self._since_at,
            last_error=self._last_error,
            connections=self._generation,
            contained_errors=self._contained_errors,
        )

    def wake(self) -> None:
        """Let the user's `take_events` run soon, from any thread."""
        connection = self._connection
        if connection is not None:
            connection.wake()

    def revive(self) -> None:
        """Start the thread again should it have died; cheap enough to call at every use."""
        if self._thread.is_alive() or self._closing.is_set():
            return
        self._contained_errors += 1
        log.error("mqtt thread died and is started again", broker=str(self._options.address))
        self._thread = self._start_thread()

    def close(self, timeout_seconds: float = 5.0) -> None:
        """Send what is queued, disconnect and end the thread."""
        self._closing.set()
        self.wake()
        self._thread.join(timeout_seconds)

    def _start_thread(self) -> threading.Thread:
        self._note_down(None)
        thread = threading.Thread(target=self._run, name="mqtt", daemon=True)
        thread.start()
        return thread

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._hold_one_connection()
            except ProtocolRefused as error:
                self._step_down(error)
            except BrokerError as error:
                self._note_down(str(error))
            except Exception:
                self._contained_errors += 1
                self._note_down("an error of our own was contained; the log has it")
                log.exception("mqtt turn failed", broker=str(self._options.address))
            self._closing.wait(self._next_delay_seconds())

    def _hold_one_connection(self) -> None:
        if self._options.whereabouts is not None:
            self._options = replace(self._options, address=self._options.whereabouts())
        self._generation += 1
        connection = Connection(self._options, generation=self._generation, protocol=self._protocol)
        began = time.monotonic()
        try:
            self._last_turn = time.monotonic()
            connection.open()
            self._connection = connection
            while not self._closing.is_set():
                self._turn(connection)
                if self._is_ready and time.monotonic() - began > SETTLED_AFTER_SECONDS:
                    self._failures_in_a_row = 0
            self._user.take_events(connection, ())
        finally:
            self._connection = None
            connection.close()
            self._user.connection_over()

    def _turn(self, connection: Connection) -> None:
        events = connection.turn(TURN_SECONDS)
        self._last_turn = time.monotonic()
        if any(isinstance(event, Ready) for event in events):
            self._is_ready, self._since_at, self._last_error = True, self._clock(), None
            log.info("mqtt connected", broker=str(self._options.address), generation=self._generation)
        self._user.take_events(connection, events)

    def _step_down(self, error: ProtocolRefused) -> None:
        if self._protocol is not MqttProtocol.V5:
            self._note_down(str(error))
            return
        log.info("mqtt 5 refused, trying 3.1.1", broker=str(self._options.address))
        self._protocol = MqttProtocol.V311
        self._failures_in_a_row = -1

    def _note_down(self, error: str | None) -> None:
        if error is not None and error != self._last_error:
            log.warning("mqtt down", broker=str(self._options.address), error=error)
        if self._is_ready:
            self._since_at = self._clock()
        self._is_ready = False
        self._last_error = error or self._last_error

    def _next_delay_seconds(self) -> float:
        self._failures_in_a_row += 1
        if self._failures_in_a_row == 0:
            return 0.0
        growing = FIRST_DELAY_SECONDS * 2 ** min(self._failures_in_a_row - 1, 10)
        longest = min(self._options.longest_pause_seconds, growing)
        return random.uniform(longest / 2, longest)  # noqa: S311 -- spreads reconnects, guards nothing
