"""The processes that answer reads of mentions beside this one: started when many ask at once, ended when nobody does.

One interpreter makes one answer at a time, whatever the machine has: eight who ask at once wait for eight answers.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import Final

import msgspec
import structlog

from veilleur.api.handing_over import HandedAnswer, HandedRead
from veilleur.app.answering_task import AnsweringTask
from veilleur.app.frames import LENGTH, framed
from veilleur.ingest.patience import growing_pauses_s

_CHILD: Final = "veilleur.app.answering_process"
_ANSWERS: Final = msgspec.msgpack.Decoder(HandedAnswer)
_USUAL_COUNT: Final = 2
_AT_ONCE: Final = 3
_HOW_OFTEN: Final = 20
_WITHIN_S: Final = 5.0
_IDLE_S: Final = 60.0
_LOOK_EVERY_S: Final = 1.0
_NOT_AGAIN_FOR_S: Final = 30.0
_NOT_AGAIN_AT_MOST_FOR_S: Final = 3_600.0
_PATIENCE_S: Final = 0.1
_STARTED_WITHIN_S: Final = 60.0
# What a read may take is its thread's own work: on a busy machine that is several times as long.
_LEAST_SILENCE_S: Final = 10.0
_SILENCES: Final = 5
_END_WITHIN_S: Final = 1.0

log = structlog.get_logger()


def usual_count() -> int:
    """Return how many make use of this machine: of one processor, none would."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return _USUAL_COUNT if processors > 1 else 0


class AnsweringProcesses:
    """At most so many processes. `answer` is called on one event loop, `stop` and `close` are from elsewhere."""

    def __init__(
        self,
        task: AnsweringTask,
        count: int,
        *,
        idle_s: float = _IDLE_S,
        patience_s: float = _PATIENCE_S,
        interpreter: str = sys.executable,
    ) -> None:
        self._task = task
        self._count = count
        self._idle_s = idle_s
        self._patience_s = patience_s
        self._interpreter = interpreter
        self._silence_s = max(_LEAST_SILENCE_S, _SILENCES * task.answer_s)
        self._crowds = deque[float](maxlen=_HOW_OFTEN)
        self._serving = set[_AnsweringProcess]()
        self._ended = set[_AnsweringProcess]()
        self._free = list[_AnsweringProcess]()
        self._line = deque[asyncio.Future[_AnsweringProcess | None]]()
        self._starting = set[asyncio.Task[None]]()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._crowded_at_s = 0.0
        self._not_before_s = 0.0
        self._pauses_s = _pauses_s()
        self._next_look: asyncio.TimerHandle | None = None
        self._is_stopping = False

    @property
    def free_count(self) -> int:
        """How many could be asked now."""
        return len(self._free)

    async def answer(self, read: HandedRead, *, at_once: int) -> HandedAnswer | None:
        """Return what a process answers; None where none is there, none is free in time, or it fails over it."""
        self._loop = asyncio.get_running_loop()
        now_s = self._loop.time()
        if self._is_stopping:
            return None
        if at_once >= _AT_ONCE:
            self._crowded_at_s = now_s
            if len(self._serving) < self._count:
                self._start_for_crowd(now_s, self._loop)
        process = await self._free_one(now_s)
        if process is None:
            return None
        answer = None
        try:
            answer = await process.answer(read, self._silence_s)
        finally:
            if answer is None:
                self._lose(process, "over a read")
            else:
                self._take_back(process)
        # What it could not do may be done here.
        return None if answer is not None and answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR else answer

    async def _free_one(self, now_s: float) -> _AnsweringProcess | None:
        """Wait in a line for a process, as long as one may soon be free: what takes long may take very long."""
        if self._free:
            return self._free.pop()
        if all(process.is_at_work_for_s(now_s) > self._patience_s for process in self._serving):
            return None
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[_AnsweringProcess | None] = loop.create_future()
        self._line.append(turn)
        patience = loop.call_later(self._patience_s, _give_up, turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and (process := turn.result()) is not None:
                self._take_back(process)
            raise
        finally:
            patience.cancel()

    def _take_back(self, process: _AnsweringProcess) -> None:
        while self._line:
            turn = self._line.popleft()
            if not turn.done():
                turn.set_result(process)
                return
        self._free.append(process)

    def _start_for_crowd(self, now_s: float, loop: asyncio.AbstractEventLoop) -> None:
        """Start those that lack where several were asking at once again and again: it takes seconds of work."""
        self._crowds.append(now_s)
        is_lasting = len(self._crowds) == _HOW_OFTEN and now_s - self._crowds[0] <= _WITHIN_S
        if not is_lasting or now_s < self._not_before_s:
            return
        self._crowds.clear()
        for _ in range(self._count - len(self._serving)):
            try:
                process = _AnsweringProcess(self._interpreter)
            except OSError as error:
                self._wait_longer(now_s)
                log.warning("answering process cannot be started, reads are answered without it", reason=str(error))
                return
            self._serving.add(process)
            task = loop.create_task(self._await(process))
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)
        if self._next_look is None:
            self._next_look = loop.call_later(self._idle_s, self._look)

    async def _await(self, process: _AnsweringProcess) -> None:
        if await process.is_ready_for(self._task):
            self._pauses_s = _pauses_s()
            self._take_back(process)
            log.info("answering process ready", pid=process.pid)
        else:
            self._lose(process, "before it was ready")

    def _look(self) -> None:
        """End all when there was no crowd for a while."""
        loop = asyncio.get_running_loop()
        idle_s = loop.time() - self._crowded_at_s
        if idle_s >= self._idle_s and self.free_count == len(self._serving):
            while self._free:
                process = self._free.pop()
                self._let_go(process)
                log.info("answering process ended: many ask no more", pid=process.pid)
        self._ended = {process for process in self._ended if not process.has_ended()}
        is_over = not self._serving and not self._ended
        self._next_look = None if is_over else loop.call_later(max(self._idle_s - idle_s, _LOOK_EVERY_S), self._look)

    def _lose(self, process: _AnsweringProcess, when: str) -> None:
        process.kill()
        self._let_go(process)
        if not self._is_stopping:
            self._wait_longer(asyncio.get_running_loop().time())
            log.warning("answering process lost, reads are answered without it", pid=process.pid, when=when)

    def _wait_longer(self, now_s: float) -> None:
        """Start none for a while, and for longer each time until one has answered."""
        self._not_before_s = now_s + next(self._pauses_s)

    def _let_go(self, process: _AnsweringProcess) -> None:
        process.let_go()
        self._serving.discard(process)
        self._ended.add(process)

    def stop(self) -> None:
        """Wait for none of them any more: what they are at is answered without them. Called from another thread."""
        self._is_stopping = True
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._interrupt)

    def _interrupt(self) -> None:
        for turn in self._line:
            _give_up(turn)
        for process in self._serving:
            process.interrupt()

    def close(self) -> None:
        """End every process; called when the loop has ended. They only read: whoever is slow is killed."""
        every = self._serving | self._ended
        for process in every:
            process.let_go()
        deadline_s = time.monotonic() + _END_WITHIN_S
        for process in every:
            process.end(deadline_s)


def _pauses_s() -> Iterator[float]:
    return growing_pauses_s(_NOT_AGAIN_FOR_S, _NOT_AGAIN_AT_MOST_FOR_S)


def _give_up(turn: asyncio.Future[_AnsweringProcess | None]) -> None:
    if not turn.done():
        turn.set_result(None)


class _AnsweringProcess:
    """One of them: one question at a time."""

    def __init__(self, interpreter: str) -> None:
        self._socket, theirs = socket.socketpair()
        self._socket.setblocking(False)
        self._begun_at_s = 0.0
        # -P and a session of its own: nothing of the folder is imported, and a terminal's Ctrl+C is for this one.
        command = [interpreter, "-P", "-m", _CHILD]
        try:
            self._process = subprocess.Popen(
                command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, start_new_session=True
            )
        except OSError:
            self._socket.close()
            raise
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def is_ready_for(self, task: AnsweringTask) -> bool:
        """Wait until it can be asked; False where it ends before."""
        return await self._exchanged(msgspec.msgpack.encode(task), _STARTED_WITHIN_S) is not None

    async def answer(self, read: HandedRead, silence_s: float) -> HandedAnswer | None:
        """Return its answer, None where it ended, or told what is none: it is of no further use then."""
        self._begun_at_s = asyncio.get_running_loop().time()
        answer = await self._exchanged(msgspec.msgpack.encode(read), silence_s)
        with suppress(msgspec.MsgspecError):
            return None if answer is None else _ANSWERS.decode(answer)
        return None

    def is_at_work_for_s(self, now_s: float) -> float:
        """Return for how long it has been at its newest question."""
        return now_s - self._begun_at_s

    def interrupt(self) -> None:
        """Let whoever waits for it be told that it ended."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def let_go(self) -> None:
        """Tell it that nobody asks any more."""
        self._socket.close()

    def kill(self) -> None:
        """End it in whatever it is at."""
        self._process.kill()

    def has_ended(self) -> bool:
        """Return whether it is gone."""
        return self._process.poll() is not None

    def end(self, deadline_s: float) -> None:
        """Wait until it is gone, which it is not by itself where a read of it takes too long."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(deadline_s - time.monotonic(), 0.0))
        self._process.kill()
        self._process.wait()

    async def _exchanged(self, body: bytes, within_s: float) -> bytearray | None:
        loop = asyncio.get_running_loop()
        with suppress(OSError):  # TimeoutError is one
            async with asyncio.timeout(within_s):
                await loop.sock_sendall(self._socket, framed(body))
                (length,) = LENGTH.unpack(await self._received(LENGTH.size))
                return await self._received(length)
        return None

    async def _received(self, size: int) -> bytearray:
        loop = asyncio.get_running_loop()
        received = bytearray(size)
        rest = memoryview(received)
        while rest:
            count = await loop.sock_recv_into(self._socket, rest)
            if not count:
                raise ConnectionResetError
            rest = rest[count:]
        return received
