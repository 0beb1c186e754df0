"""Wires consumers of changes: one thread for each, awake at once after a commit here, soon after one elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import structlog

from veilleur.alerts.consuming import alert_consumer
from veilleur.app.alerting import teller_of
from veilleur.app.clock import utc_now
from veilleur.app.giving_way import GivingWay
from veilleur.app.lasting import LastingThread
from veilleur.app.settings import Settings
from veilleur.delivery.subscribed import subscription_consumer
from veilleur.model.errors import StoreBusy
from veilleur.store.consumers import Consumer, consume, register
from veilleur.store.database import Database
from veilleur.store.ruling import rules_consumer
from veilleur.trends.noticing import burst_consumer
from veilleur.watches.coming_in import watch_consumer

# What another process commits (a replay, a second daemon) is looked for so often.
_LOOK_EVERY_S: Final = 1.0
# Where nobody needs a consumer, commits do not wake it: it only keeps up with them.
_IDLE_LOOK_S: Final = 10.0
_STOP_WITHIN_S: Final = 2.0

log = structlog.get_logger()


def every_consumer(settings: Settings, database: Database) -> tuple[Consumer[Any], ...]:
    """Return what follows changes in a daemon."""
    return (
        rules_consumer(database, utc_now),
        watch_consumer(database, utc_now),
        burst_consumer(database, utc_now),
        alert_consumer(database, teller_of(settings), utc_now),
        subscription_consumer(database, utc_now),
    )


class ConsumerThread:
    """Keeps one consumer at the newest change."""

    def __init__(self, database: Database, consumer: Consumer[Any]) -> None:
        self._database = database
        self._consumer = consumer
        self._idle_until_s = 0.0
        self._way = GivingWay(time.monotonic)
        self._is_registered = False
        self._thread = LastingThread(f"consumer {consumer.name}", self._turn)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Tell that something was committed."""
        self._way.committed()
        self._thread.wake()

    def stop(self) -> None:
        """Finish what is under way and end."""
        self._thread.stop(_STOP_WITHIN_S)

    def _turn(self) -> float:
        if (rest_s := self._way.rest_s()) > 0:
            return rest_s
        try:
            with self._way.working():
                return self._keep_up()
        except StoreBusy as error:
            log.warning("changes put off", consumer=self._consumer.name, reason=type(error).__name__)
            return _LOOK_EVERY_S

    def _keep_up(self) -> float:
        if not self._is_registered:
            register(self._database, self._consumer.name)
            self._is_registered = True
        if not self._consumer.is_needed():
            if time.monotonic() >= self._idle_until_s:
                consume(self._database, self._consumer)
                self._idle_until_s = time.monotonic() + _IDLE_LOOK_S
            return _LOOK_EVERY_S
        return 0.0 if consume(self._database, self._consumer) else _LOOK_EVERY_S


@contextmanager
def running_consumers(database: Database, consumers: Sequence[Consumer[Any]]) -> Iterator[Callable[[], None]]:
    """Keep consumers up while the block runs; yields what is to be called after a commit, which never waits."""
    threads = [ConsumerThread(database, consumer) for consumer in consumers]

    def wake() -> None:
        for thread in threads:
            thread.wake()

    for thread in threads:
        thread.start()
    try:
        yield wake
    finally:
        for thread in threads:
            thread.stop()
