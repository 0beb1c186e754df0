"""Keeps the line moving: takes from a source, commits, then acknowledges; never the other way round."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import structlog
from msgspec import Struct

from veilleur.ingest.line import Line
from veilleur.ingest.patience import growing_pauses_s
from veilleur.model.arrival import Fate
from veilleur.model.errors import StoreBusy
from veilleur_bridge.delivery import Delivery, Source

_BATCH: Final = 500
_TAKE_WAIT_S: Final = 0.2

log = structlog.get_logger()


class WorkerState(Struct, frozen=True):
    """How the worker stands: `failing_since` is None while commits succeed."""

    fate: Fate
    last_commit_at: datetime | None
    failing_since: datetime | None
    failure: str | None


class Worker:
    """One thread that moves deliveries from a source through the line until told to stop."""

    def __init__(self, source: Source, line: Line, clock: Callable[[], datetime]) -> None:
        self._source = source
        self._line = line
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)
        self._state = WorkerState(Fate(), None, None, None)

    @property
    def state(self) -> WorkerState:
        """Return how the worker stands; safe to read from any thread."""
        return self._state

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin taking deliveries."""
        self._thread.start()

    def stop(self, wait_seconds: float) -> None:
        """Finish the batch under way and stop; what was not committed stays unacknowledged."""
        self._stopping.set()
        self._thread.join(wait_seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            deliveries = self._source.take(_BATCH, _TAKE_WAIT_S)
            if deliveries and self._commit(deliveries):
                self._source.acknowledge(deliveries)

    def _commit(self, deliveries: Sequence[Delivery]) -> bool:
        """Commit a batch, again and again until it holds; False when told to stop before that."""
        for pause_s in growing_pauses_s():
            try:
                fate = self._line.take_in(deliveries)
            except StoreBusy as error:
                self._failed(str(error))
            except Exception as error:
                # Neither message nor traceback: either may hold a notification's words.
                frame = traceback.extract_tb(error.__traceback__)[-1]
                self._failed(f"{type(error).__name__} at {frame.name}:{frame.lineno}")
            else:
                self._state = WorkerState(self._state.fate + fate, self._clock(), None, None)
                return True
            if self._stopping.wait(pause_s):
                break
        return False

    def _failed(self, failure: str) -> None:
        since = self._state.failing_since or self._clock()
        self._state = WorkerState(self._state.fate, self._state.last_commit_at, since, failure)
        log.warning("batch not stored", failure=failure)
