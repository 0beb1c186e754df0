"""What a broker sends, read by a process of its own that is started again whenever it ends."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Final

import structlog

from veilleur.app.clock import utc_now
from veilleur.app.reading_apart import ReadingProcess
from veilleur.app.reading_messages import Failed, LinkTold, LiveBatch, ReadingTask
from veilleur.ingest.batches import ReadBatch
from veilleur.ingest.patience import growing_pauses_s
from veilleur_bridge.mqtt.link import LinkState

_SILENT_AFTER_S: Final = 15.0
# A slow computer loads a program for many seconds: one that is replaced before it speaks would never come to speak.
_FIRST_WORD_WITHIN_S: Final = 120.0

log = structlog.get_logger()


class LiveBatches:
    """A BatchSource over a broker. Never raises for a broker that is away: `state` says so.

    `take` and `acknowledge` are called by one thread, in turns: a batch is answered before the next is taken.
    """

    def __init__(self, task: ReadingTask, *, silent_after_s: float = _SILENT_AFTER_S) -> None:
        self._task = task
        self._silent_after_s = silent_after_s
        self._closing = threading.Event()
        self._pauses_s = growing_pauses_s()
        self._state = LinkState(is_up=False, since_at=utc_now(), last_error=None, connections=0, contained_errors=0)
        self._process: ReadingProcess | None = None
        self._start()

    def take(self, wait_seconds: float) -> ReadBatch | None:
        """Return the next batch, None where none came within the wait."""
        process = self._process
        if process is None:
            if not self._closing.wait(next(self._pauses_s)):
                self._start()
            return None
        if not process.is_heard_within(wait_seconds):
            if time.monotonic() - self._heard_at > self._may_be_silent_s:
                self._lose(process, "it said nothing any more")
            return None
        return self._hear(process)

    def acknowledge(self, number: int) -> None:
        """Let the broker be told that a batch is stored."""
        if self._process is not None:
            self._process.answer(number)

    def state(self) -> LinkState:
        """Return whether the broker is connected and our subscriptions were granted, and if not why."""
        return self._state

    def close(self) -> None:
        """Send the acks handed in so far and disconnect; the broker keeps the session."""
        self._closing.set()
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def _start(self) -> None:
        self._process = ReadingProcess(self._task)
        self._heard_at, self._may_be_silent_s = time.monotonic(), _FIRST_WORD_WITHIN_S

    def _hear(self, process: ReadingProcess) -> ReadBatch | None:
        try:
            told = process.receive()
        except EOFError:
            told = None
        self._heard_at, self._may_be_silent_s = time.monotonic(), self._silent_after_s
        match told:
            case LiveBatch(batch):
                return batch
            case LinkTold(state):
                self._state = state
                if state.is_up:
                    self._pauses_s = growing_pauses_s()
            case Failed(message):
                self._lose(process, message)
            case _:
                self._lose(process, "it ended")
        return None

    def _lose(self, process: ReadingProcess, reason: str) -> None:
        self._process = None
        code = process.close()
        log.error("reading process lost, started again soon", reason=reason, exit_code=code)
        since_at = utc_now() if self._state.is_up else self._state.since_at
        error = f"the process that reads notifications was lost ({reason}) and is started again"
        self._state = replace(self._state, is_up=False, since_at=since_at, last_error=error)
