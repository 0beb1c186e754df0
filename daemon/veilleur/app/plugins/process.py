"""The child process as its parent holds it: one question at a time, answered within its time or the child is ended."""

from __future__ import annotations

import mmap
import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from enum import StrEnum
from typing import IO, Final, cast

import msgspec
from msgspec import Struct

from veilleur.app.frames import LENGTH, framed
from veilleur.app.plugins.messages import ANSWER_DECODER, MEMORY_EXIT, PROGRESS_BYTES, Answer, Ask, Budget

_PLACE: Final = struct.Struct("<Q")
_NOTHING: Final = 2**64 - 1
_CHILD: Final = "veilleur.app.plugins.child"
_PIECE: Final = 65_536
_LOOK_EVERY_S: Final = 0.05
_LARGEST_ANSWER: Final = 64 * 1024 * 1024
_END_WITHIN_S: Final = 5.0


class Death(StrEnum):
    """Why the child ended before it answered."""

    OVER_TIME = "over_time"
    OVER_MEMORY = "over_memory"
    ENDED = "ended"
    RUBBISH = "rubbish"


class Died(Struct, frozen=True):
    """The child is gone; `place` is the record that was under way, None where it had not begun with one."""

    death: Death
    place: int | None


class PluginProcess:
    """One child, started at the first question and again after each death; `close` ends it."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._process: subprocess.Popen[bytes] | None = None
        self._progress: mmap.mmap | None = None
        self._number = 0
        self._ready = set[str]()

    def ask(self, ask: Ask, seconds: float) -> Answer | Died:
        """Return the answer, or how the child died over it; raises OverflowError for what msgpack cannot hold.

        What is not loaded yet, the child or the plug-in, is given its own time to start.
        """
        if ask.target not in self._ready:
            loaded = self._exchanged(Ask(0, ask.target, ()), self._budget.start_seconds)
            if isinstance(loaded, Died) or loaded.refused is not None:
                return loaded
            self._ready.add(ask.target)
        return self._exchanged(ask, seconds)

    def _exchanged(self, ask: Ask, seconds: float) -> Answer | Died:
        self._number += 1
        frame = framed(msgspec.msgpack.encode(msgspec.structs.replace(ask, number=self._number)))
        process = self._process or self._start()
        self._place(_NOTHING)
        try:
            answer = ANSWER_DECODER.decode(_exchange(process, frame, time.monotonic() + seconds))
        except TimeoutError:
            return self._end(Death.OVER_TIME)
        except EOFError:
            return self._end(Death.ENDED)
        except (ValueError, msgspec.DecodeError, RecursionError):
            return self._end(Death.RUBBISH)
        is_whole = answer.refused is not None or len(answer.outcomes) == len(ask.envelopes)
        return answer if answer.number == self._number and is_whole else self._end(Death.RUBBISH)

    def close(self) -> None:
        """End the child and all that it started."""
        process, self._process = self._process, None
        self._ready.clear()
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(_END_WITHIN_S)
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):
                cast("IO[bytes]", pipe).close()
        if self._progress is not None:
            self._progress.close()

    def _start(self) -> subprocess.Popen[bytes]:
        with tempfile.TemporaryFile() as shared:
            shared.truncate(PROGRESS_BYTES)
            self._progress = mmap.mmap(shared.fileno(), PROGRESS_BYTES)
            # A session of its own: what a plug-in starts ends with it, and a terminal's Ctrl+C is for the parent.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", _CHILD, str(self._budget.memory_mb), str(shared.fileno())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                pass_fds=(shared.fileno(),),
                start_new_session=True,
            )
        for pipe in (self._process.stdin, self._process.stdout):
            os.set_blocking(cast("IO[bytes]", pipe).fileno(), False)
        return self._process

    def _place(self, place: int) -> None:
        if self._progress is not None:
            _PLACE.pack_into(self._progress, 0, place)

    def _end(self, death: Death) -> Died:
        process, progress = self._process, self._progress
        (place,) = _PLACE.unpack_from(progress, 0) if progress is not None else (_NOTHING,)
        if death is Death.ENDED and process is not None:
            # Its pipes close a moment before it can be asked how it ended.
            with suppress(subprocess.TimeoutExpired):
                death = Death.OVER_MEMORY if process.wait(_END_WITHIN_S) == MEMORY_EXIT else death
        self.close()
        return Died(death, None if place == _NOTHING else place)


def _exchange(process: subprocess.Popen[bytes], frame: bytes, deadline_s: float) -> bytearray:
    """Send a frame and return what the next one holds.

    Raises TimeoutError at the deadline (monotonic), EOFError where the process ended, ValueError for no frame.
    """
    sending, hearing = cast("IO[bytes]", process.stdin).fileno(), cast("IO[bytes]", process.stdout).fileno()
    rest, heard = memoryview(frame), bytearray()
    while not _is_whole(heard):
        left_s = deadline_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        is_gone = process.poll() is not None
        can_hear, can_send, _ = select.select([hearing], [sending] if rest else [], [], min(left_s, _LOOK_EVERY_S))
        if can_send:
            with suppress(BrokenPipeError, BlockingIOError):
                rest = rest[os.write(sending, rest[:_PIECE]) :]
        piece = os.read(hearing, _PIECE) if can_hear else b""
        if not piece and (can_hear or is_gone):
            raise EOFError
        heard += piece
    return heard[LENGTH.size :]


def _is_whole(heard: bytearray) -> bool:
    if len(heard) < LENGTH.size:
        return False
    length: int = LENGTH.unpack_from(heard)[0]
    if length > _LARGEST_ANSWER or len(heard) > LENGTH.size + length:
        raise ValueError(length)
    return len(heard) == LENGTH.size + length
