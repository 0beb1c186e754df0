"""Wires alerts: the clock's turn on a thread of its own; of several daemons on one database one takes it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Final

import structlog

from veilleur.alerts.telling import Teller
from veilleur.alerts.turning import AlertTurn
from veilleur.app.clock import utc_now
from veilleur.app.lasting import LastingThread
from veilleur.app.running import own_address
from veilleur.app.settings import Settings
from veilleur.model.errors import AlreadyRunning, StoreBusy
from veilleur.query.explaining import language_of_locale
from veilleur.store.database import Database
from veilleur.store.lease import lease
from veilleur.wording.own_zone import own_zone

_LEASE: Final = "_alerts"
_LOOK_EVERY_S: Final = 5.0
_STOP_WITHIN_S: Final = 2.0

log = structlog.get_logger()


def teller_of(settings: Settings) -> Teller:
    """Return what words alerts, with links to where people reach the pages."""
    return Teller(settings.pages_url or own_address(settings))


class AlertClock:
    """Takes the turn every few seconds, once it holds the lease."""

    def __init__(self, database: Database, teller: Teller, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._turn = AlertTurn(
            database,
            teller,
            started_at=clock(),
            zone=own_zone() or "UTC",
            language=language_of_locale(os.environ),
        )
        self._leased = ExitStack()
        self._is_leader = False

    def turn(self) -> float:
        """Look once; return the seconds until the next look."""
        try:
            if self._lead():
                self._turn.look(self._clock())
        except StoreBusy as error:
            log.warning("alerts put off", reason=type(error).__name__)
        return _LOOK_EVERY_S

    def close(self) -> None:
        """Let another daemon take the turn."""
        self._leased.close()

    def _lead(self) -> bool:
        if not self._is_leader:
            try:
                self._leased.enter_context(lease(self._database, _LEASE, wait_seconds=0))
            except AlreadyRunning:
                return False
            self._is_leader = True
        return True


@contextmanager
def running_alerts(settings: Settings, database: Database) -> Iterator[None]:
    """Let the clock find alerts, and tell those that are due, while the block runs."""
    clock = AlertClock(database, teller_of(settings))
    thread = LastingThread("alerts", clock.turn)
    thread.start()
    try:
        yield
    finally:
        thread.stop(_STOP_WITHIN_S)
        clock.close()
