"""The processes that answer reads of mentions beside this one: started when many ask at once, ended when nobody does.

One interpreter makes one answer at a time, whatever the machine has: eight who ask at once wait for eight answers.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections import deque
from typing import Final

import msgspec
import structlog

from veilleur.api.handing_over import HandedAnswer, HandedRead
from veilleur.app.answering_task import AnsweringTask
from veilleur.app.frames import LENGTH, framed

_CHILD: Final = "veilleur.app.answering_process"
_ANSWERS: Final = msgspec.msgpack.Decoder(HandedAnswer)
_USUAL_COUNT: Final = 2
_AT_ONCE: Final = 3
_HOW_OFTEN: Final = 20
_WITHIN_S: Final = 5.0
_IDLE_S: Final = 60.0
_LOOK_EVERY_S: Final = 1.0
_NOT_AGAIN_FOR_S: Final = 30.0
_PATIENCE_S: Final = 0.1
_SILENT_AFTER_S: Final = 30.0
_END_WITHIN_S: Final = 5.0

log = structlog.get_logger()


def usual_count() -> int:
    """Return how many make use of this machine: of one processor, none would."""
    return _USUAL_COUNT if (os.cpu_count() or 1) > 1 else 0


class AnsweringProcesses:
    """At most so many processes. All but `close` is called on one event loop; `close` when that has ended."""

    def __init__(
        self, task: AnsweringTask, count: int, *, idle_s: float = _IDLE_S, patience_s: float = _PATIENCE_S
    ) -> None:
        self._task = task
        self._count = count
        self._idle_s = idle_s
        self._patience_s = patience_s
        self._crowds = deque[float](maxlen=_HOW_OFTEN)
        self._serving = set[_AnsweringProcess]()
        self._ended = set[_AnsweringProcess]()
        self._free = list[_AnsweringProcess]()
        self._line = deque[asyncio.Future[_AnsweringProcess | None]]()
        self._starting = set[asyncio.Task[None]]()
        self._asked_at_s = 0.0
        self._not_before_s = 0.0
        self._next_look: asyncio.TimerHandle | None = None

    async def answer(self, read: HandedRead, *, at_once: int) -> HandedAnswer | None:
        """Return what a process answers; None where none is there, none is free in time, or it ends over it."""
        self._asked_at_s = now_s = asyncio.get_running_loop().time()
        if len(self._serving) < self._count:
            self._start_for(at_once, now_s)
        process = await self._free_one(now_s)
        if process is None:
            return None
        answer = None
        try:
            answer = await process.answer(read)
        finally:
            if answer is None:
                self._lose(process)
            else:
                self._take_back(process)
        return answer

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
        finally:
            patience.cancel()

    def _take_back(self, process: _AnsweringProcess) -> None:
        while self._line:
            turn = self._line.popleft()
            if not turn.done():
                turn.set_result(process)
                return
        self._free.append(process)

    def _start_for(self, at_once: int, now_s: float) -> None:
        """Start all where several were asking at once again and again: a few seconds' work for years of waiting."""
        if at_once < _AT_ONCE or now_s < self._not_before_s:
            return
        self._crowds.append(now_s)
        if len(self._crowds) < _HOW_OFTEN or now_s - self._crowds[0] > _WITHIN_S:
            return
        self._crowds.clear()
        loop = asyncio.get_running_loop()
        for _ in range(self._count - len(self._serving)):
            process = _AnsweringProcess()
            self._serving.add(process)
            task = loop.create_task(self._await(process))
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)
            log.info("answering process started", pid=process.pid)
        if self._next_look is None:
            self._next_look = loop.call_later(self._idle_s, self._look)

    async def _await(self, process: _AnsweringProcess) -> None:
        if await process.is_ready_for(self._task):
            self._take_back(process)
        else:
            self._lose(process)

    def _look(self) -> None:
        """End all when nobody asked for a while."""
        loop = asyncio.get_running_loop()
        idle_s = loop.time() - self._asked_at_s
        if idle_s >= self._idle_s and len(self._free) == len(self._serving):
            while self._free:
                process = self._free.pop()
                self._let_go(process)
                log.info("answering process ended: nobody asked", pid=process.pid)
        self._ended = {process for process in self._ended if not process.has_ended()}
        is_over = not self._serving and not self._ended
        self._next_look = None if is_over else loop.call_later(max(self._idle_s - idle_s, _LOOK_EVERY_S), self._look)

    def _lose(self, process: _AnsweringProcess) -> None:
        self._not_before_s = asyncio.get_running_loop().time() + _NOT_AGAIN_FOR_S
        process.kill()
        self._let_go(process)
        log.warning("answering process lost, reads are answered without it", pid=process.pid)

    def _let_go(self, process: _AnsweringProcess) -> None:
        process.let_go()
        self._serving.discard(process)
        self._ended.add(process)

    def close(self) -> None:
        """End every process, and wait for it."""
        for process in self._serving | self._ended:
            process.let_go()
        for process in self._serving | self._ended:
            process.end()


def _give_up(turn: asyncio.Future[_AnsweringProcess | None]) -> None:
    if not turn.done():
        turn.set_result(None)


class _AnsweringProcess:
    """One of them: one question at a time."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        self._socket.setblocking(False)
        self._begun_at_s = 0.0
        with theirs:
            # -P and a session of its own: nothing of the folder is imported, and a terminal's Ctrl+C is for this one.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", _CHILD],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def is_ready_for(self, task: AnsweringTask) -> bool:
        """Wait until it can be asked; False where it ends before."""
        return await self._exchanged(msgspec.msgpack.encode(task)) is not None

    async def answer(self, read: HandedRead) -> HandedAnswer | None:
        """Return its answer, None where it ended; what is interrupted here leaves it of no further use."""
        self._begun_at_s = asyncio.get_running_loop().time()
        answer = await self._exchanged(msgspec.msgpack.encode(read))
        return None if answer is None else _ANSWERS.decode(answer)

    def is_at_work_for_s(self, now_s: float) -> float:
        """Return for how long it has been at its newest question."""
        return now_s - self._begun_at_s

    def let_go(self) -> None:
        """Tell it that nobody asks any more."""
        self._socket.close()

    def kill(self) -> None:
        """End it in whatever it is at."""
        self._process.kill()

    def has_ended(self) -> bool:
        """Return whether it is gone."""
        return self._process.poll() is not None

    def end(self) -> None:
        """Wait until it is gone, which it is not by itself where a read of it takes too long."""
        try:
            self._process.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    async def _exchanged(self, body: bytes) -> bytearray | None:
        try:
            async with asyncio.timeout(_SILENT_AFTER_S):
                await asyncio.get_running_loop().sock_sendall(self._socket, framed(body))
                (length,) = LENGTH.unpack(await self._received(LENGTH.size))
                return await self._received(length)
        except OSError:  # TimeoutError is one
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
