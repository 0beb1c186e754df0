"""Keeps the line moving: takes from a source, commits, then acknowledges; never the other way round."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

import structlog
from msgspec import Struct, structs

from veilleur.ingest.batches import BatchSource, ReadBatch
from veilleur.ingest.committing import Committer
from veilleur.ingest.patience import growing_pauses_s
from veilleur.ingest.wordless import wordless
from veilleur.model.arrival import Fate
from veilleur.model.errors import StoreBusy

_TAKE_WAIT_S: Final = 0.2

_Done = TypeVar("_Done")
AfterCommit = Callable[[Collection[str]], None]

log = structlog.get_logger()


class WorkerState(Struct, frozen=True):
    """How the worker stands: `failing_since` is None while commits succeed."""

    fate: Fate
    last_commit_at: datetime | None
    failing_since: datetime | None
    failure: str | None


class Worker:
    """One thread that moves batches from a source into the store until told to stop.

    `after_commit` is told the devices of each batch once it is stored; it runs on this thread and must not wait.
    """

    def __init__(
        self,
        source: BatchSource,
        committer: Committer,
        clock: Callable[[], datetime],
        after_commit: AfterCommit = lambda _devices: None,
    ) -> None:
        self._source = source
        self._committer = committer
        self._clock = clock
        self._after_commit = after_commit
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
        """Begin taking batches."""
        self._thread.start()

    def stop(self, wait_seconds: float) -> None:
        """Finish the batch under way and stop; what was not committed stays unacknowledged."""
        self._stopping.set()
        self._thread.join(wait_seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._move_one()

    def _move_one(self) -> None:
        # A function of its own: a batch is megabytes of records, and would live on here while the next is taken.
        batch = self._persist(lambda: self._source.take(_TAKE_WAIT_S))
        if batch is not None:
            self._persist(partial(self._settle, batch))

    def _settle(self, batch: ReadBatch) -> None:
        fate = self._committer.commit(batch.arrivals)
        self._source.acknowledge(batch.number)
        self._after_commit({one.device for one in batch.arrivals})
        self._state = WorkerState(self._state.fate + fate, self._clock(), None, None)

    def _persist(self, step: Callable[[], _Done]) -> _Done | None:
        """Return what a step returns, tried again and again until it holds; None when told to stop before that."""
        for pause_s in growing_pauses_s():
            try:
                done = step()
            except StoreBusy as error:
                self._failed(str(error))
            except Exception as error:
                self._failed(wordless(error))
            else:
                self._state = structs.replace(self._state, failing_since=None, failure=None)
                return done
            if self._stopping.wait(pause_s):
                break
        return None

    def _failed(self, failure: str) -> None:
        since = self._state.failing_since or self._clock()
        self._state = WorkerState(self._state.fate, self._state.last_commit_at, since, failure)
        log.warning("batch not stored", failure=failure)
