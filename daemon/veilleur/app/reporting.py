"""Wires scheduled reports: a thread that looks every few seconds for what is due."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from veilleur.app.clock import utc_now
from veilleur.app.lasting import LastingThread
from veilleur.model.errors import StoreBusy
from veilleur.reports.sending import send_due
from veilleur.store.database import Database

_LOOK_EVERY_S: Final = 10.0
_STOP_WITHIN_S: Final = 2.0

log = structlog.get_logger()


@contextmanager
def running_reports(database: Database) -> Iterator[None]:
    """Queue the reports that are due while the block runs; of several daemons on one database one queues each."""

    def turn() -> float:
        try:
            send_due(database, now=utc_now())
        except StoreBusy as error:
            log.warning("reports put off", reason=type(error).__name__)
        return _LOOK_EVERY_S

    thread = LastingThread("reports", turn)
    thread.start()
    try:
        yield
    finally:
        thread.stop(_STOP_WITHIN_S)
