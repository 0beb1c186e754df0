"""The thread behind the embedded broker: it starts the child, watches it, and starts it again."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog

from veilleur_bridge.broker.announcing import announced
from veilleur_bridge.broker.configuration import BrokerSettings, OwnHashes, render_configuration
from veilleur_bridge.broker.connections import BrokerConnection, list_connections
from veilleur_bridge.broker.full_disk import FullDisk
from veilleur_bridge.broker.listening import Listening
from veilleur_bridge.broker.opening import wanted_listening
from veilleur_bridge.broker.process import BrokerProcess
from veilleur_bridge.broker.round_trip import make_round_trip
from veilleur_bridge.broker.secret_file import write_private
from veilleur_bridge.broker.store_lock import LockHolder, StoreLock
from veilleur_bridge.delivery import Clock
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.registry import BrokerAccount, DeviceRegistry, ReaderAccount

ANSWER_SECONDS: Final = 10.0
ONE_TRY_SECONDS: Final = 2.0
WATCH_SECONDS: Final = 0.2
LOOK_EVERY_SECONDS: Final = 1.0
ROUND_TRIP_EVERY_SECONDS: Final = 15.0
FIRST_DELAY_SECONDS: Final = 0.2
LONGEST_DELAY_SECONDS: Final = 10.0
SETTLED_AFTER_SECONDS: Final = 30.0

log = structlog.get_logger()

Heard = Callable[[Sequence[BrokerConnection]], None]


@dataclass(frozen=True, slots=True)
class BrokerState:
    """How the broker is; `since_at` is the last change of `is_up`, `restarts` counts its unwanted ends."""

    is_up: bool
    since_at: datetime
    last_error: str | None = None
    pid: int | None = None
    restarts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerParts:
    """What a supervision is given: all of it is ready before the first child starts."""

    program: Path
    settings: BrokerSettings
    registry: DeviceRegistry
    clock: Clock
    lock: StoreLock
    key: str
    listening: Listening
    own: OwnHashes
    observer_password: str = field(repr=False)
    heard: Heard | None = None


class Supervision:
    """Runs one child after another until told to stop, all from its own thread: the child dies with that thread."""

    def __init__(self, parts: BrokerParts) -> None:
        self._parts = parts
        self._accounts: Sequence[BrokerAccount | ReaderAccount] = ()
        self._listening = parts.listening
        self._stopping = threading.Event()
        self._settled = threading.Event()
        self._reload_wanted = threading.Event()
        self._state = BrokerState(is_up=False, since_at=parts.clock())
        self._thread = threading.Thread(target=self._run, name="broker", daemon=True)
        self._thread.start()

    def wait_for_first_answer(self) -> None:
        """Return once the broker works. Raises BrokerError when its first start failed."""
        self._settled.wait(2 * ANSWER_SECONDS)
        if not self.state().is_up:
            raise BrokerError(f"the embedded broker did not start: {self._state.last_error or 'it does not answer'}")

    def state(self) -> BrokerState:
        """Return how it is; a dead thread means a dead broker."""
        return self._state if self._thread.is_alive() else replace(self._state, is_up=False, pid=None)

    def listening(self) -> Listening:
        """Return where the broker listens now: it changes when an operator opens, closes or certifies it anew."""
        return self._listening

    def reload_soon(self) -> None:
        """Have the accounts read again at once."""
        self._reload_wanted.set()

    def stop(self) -> None:
        """End the child and the thread, then let the lock go."""
        self._stopping.set()
        self._thread.join()
        self._parts.lock.release()

    def _run(self) -> None:
        delay_seconds = FIRST_DELAY_SECONDS
        while not self._stopping.is_set():
            began = time.monotonic()
            self._contain(self._run_one_child, tell=self._note_down)
            if time.monotonic() - began > SETTLED_AFTER_SECONDS:
                delay_seconds = FIRST_DELAY_SECONDS
            self._settled.set()
            self._stopping.wait(delay_seconds)
            delay_seconds = min(2 * delay_seconds, LONGEST_DELAY_SECONDS)

    def _contain(self, step: Callable[[], None], *, tell: Callable[[str], None]) -> None:
        try:
            step()
        except (BrokerError, OSError) as error:
            tell(str(error))
        except Exception as error:
            log.exception("broker supervision contained an error")
            tell(f"{type(error).__name__} was contained; the log has it")

    def _run_one_child(self) -> None:
        parts = self._parts
        self._listening = wanted_listening(parts.settings)
        self._accounts = tuple(parts.registry.broker_accounts())
        self._write_configuration(self._accounts)
        full_disk = FullDisk(parts.settings.log_file, parts.settings.folder)
        process = BrokerProcess(parts.program, parts.settings, key=parts.key, lock=parts.lock)
        try:
            parts.lock.name_holder(self._holder(process.pid))
            self._await_answer(process)
            self._note_up(process.pid)
            with announced(self._listening):
                self._watch(process, full_disk)
            self._note_moving()
        finally:
            process.stop()

    def _holder(self, pid: int) -> LockHolder:
        certificate, host = self._listening.certificate, self._listening.host
        key_sha256 = None if certificate is None else certificate.key_sha256
        return LockHolder(os.getpid(), pid, self._listening.port, host, key_sha256)

    def _await_answer(self, process: BrokerProcess) -> None:
        deadline = time.monotonic() + ANSWER_SECONDS
        while not self._stopping.is_set():
            try:
                self._make_round_trip()
            except BrokerError:
                if time.monotonic() > deadline:
                    raise
            else:
                return
            if process.has_ended_within(FIRST_DELAY_SECONDS / 4):
                raise BrokerError(process.last_words())

    def _watch(self, process: BrokerProcess, full_disk: FullDisk) -> None:
        """Return when it is to listen elsewhere, or to stop; raise BrokerError when it ended, or must begin anew."""
        next_look = time.monotonic() + LOOK_EVERY_SECONDS
        next_round_trip = time.monotonic() + ROUND_TRIP_EVERY_SECONDS
        while not self._stopping.is_set() and not self._is_to_move():
            if process.has_ended_within(WATCH_SECONDS):
                raise BrokerError(process.last_words())
            if self._reload_wanted.is_set() or time.monotonic() >= next_look:
                self._reload_wanted.clear()
                self._contain(lambda: self._take_accounts_over(process), tell=self._note_trouble)
                self._contain(self._tell_who_is_connected, tell=self._note_trouble)
                if full_disk.is_over():
                    raise BrokerError("its disk was full, and it goes on refusing: it is started again")
                next_look = time.monotonic() + LOOK_EVERY_SECONDS
            if time.monotonic() >= next_round_trip:
                # a slow disk is no reason to kill it: say that it is slow, and look again
                self._contain(lambda: self._check_round_trip(process), tell=self._note_silent)
                next_round_trip = time.monotonic() + ROUND_TRIP_EVERY_SECONDS

    def _is_to_move(self) -> bool:
        try:
            return wanted_listening(self._parts.settings) != self._listening
        except BrokerError as error:
            # a certificate half replaced: the next look finds it whole, and meanwhile the old one serves
            if str(error) != self._state.last_error:
                self._note_trouble(str(error))
            return False

    def _take_accounts_over(self, process: BrokerProcess) -> None:
        accounts = tuple(self._parts.registry.broker_accounts())
        if accounts == self._accounts:
            return
        self._write_configuration(accounts)
        process.reload()
        self._accounts = accounts
        log.info("broker accounts taken over", accounts=len(accounts))

    def _tell_who_is_connected(self) -> None:
        if self._parts.heard is not None:
            self._parts.heard(list_connections(self._parts.settings.folder, self._parts.observer_password))

    def _make_round_trip(self) -> None:
        address = self._listening.daemon_address(self._parts.settings.folder)
        make_round_trip(address, timeout_seconds=ONE_TRY_SECONDS)

    def _check_round_trip(self, process: BrokerProcess) -> None:
        self._make_round_trip()
        self._note_up(process.pid)

    def _write_configuration(self, accounts: Sequence[BrokerAccount | ReaderAccount]) -> None:
        parts = self._parts
        text = render_configuration(parts.settings, self._listening, parts.own, accounts)
        write_private(parts.settings.configuration_file, text)

    def _note_up(self, pid: int) -> None:
        if not self._state.is_up:
            log.info("broker answers", pid=pid, host=self._listening.host, port=self._listening.port)
            self._state = replace(self._state, is_up=True, since_at=self._parts.clock(), last_error=None, pid=pid)
        self._settled.set()

    def _note_down(self, error: str) -> None:
        self._note_silent(error)
        self._state = replace(self._state, pid=None, restarts=self._state.restarts + 1)

    def _note_moving(self) -> None:
        if not self._stopping.is_set():
            log.info("broker is started again to listen elsewhere, or with another certificate")
        self._state = replace(self._state, is_up=False, since_at=self._parts.clock(), pid=None)

    def _note_silent(self, error: str) -> None:
        since_at = self._parts.clock() if self._state.is_up else self._state.since_at
        self._note_trouble(error)
        self._state = replace(self._state, is_up=False, since_at=since_at)

    def _note_trouble(self, error: str) -> None:
        log.error("broker trouble", error=error)
        self._state = replace(self._state, last_error=error)
