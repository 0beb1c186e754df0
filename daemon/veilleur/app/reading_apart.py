"""The handle of a reading process, and a long log read by one."""

from __future__ import annotations

import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import FileIO
from typing import Final, cast

import msgspec

from veilleur.app.frames import read_frame, write_frame
from veilleur.app.log_batches import read_batches
from veilleur.app.reading import opened_reader
from veilleur.app.reading_messages import (
    BrokerChoice,
    Failed,
    LogBatch,
    LogChoice,
    ReadingTask,
    Told,
    packed,
)
from veilleur.app.settings import Settings
from veilleur_bridge.errors import LogError

_WORTH_A_PROCESS_BYTES: Final = 8 * 1024 * 1024
_END_WITHIN_S: Final = 5.0
_DECODER: Final = msgspec.msgpack.Decoder(Told)


class ReadingProcess:
    """One process that reads for this one; it ends when `close` is called, or when this process does."""

    def __init__(self, task: ReadingTask) -> None:
        # -P: nothing of the folder that it happens to be started in is imported. Its own session: a terminal's Ctrl+C
        # is for this process.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "veilleur.app.reading_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        self._asking = cast("FileIO", self._process.stdin)
        self._telling = cast("FileIO", self._process.stdout)
        with suppress(BrokenPipeError):
            write_frame(self._asking, packed(task))

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def is_heard_within(self, wait_seconds: float) -> bool:
        """Wait for its next word or its end, at most so long."""
        return bool(select.select([self._telling], [], [], wait_seconds)[0])

    def receive(self) -> Told | None:
        """Return what it tells next, None at its end; raises EOFError when it ended in the middle of a word."""
        frame = read_frame(self._telling)
        return None if frame is None else cast("Told", _DECODER.decode(frame))

    def answer(self, number: int) -> None:
        """Tell it that a batch is stored; lost without harm where it has ended."""
        with suppress(BrokenPipeError):
            write_frame(self._asking, packed(number))

    def close(self) -> int:
        """End it and return its exit code; what it was told before takes effect first."""
        self._asking.close()
        self._telling.close()
        try:
            return self._process.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def reading_task(settings: Settings, source: LogChoice | BrokerChoice) -> ReadingTask:
    """Return the task to read `source` as the settings say."""
    return ReadingTask(
        source=source,
        parsers=settings.parser_choice,
        log_level=settings.log_level,
        log_format=settings.log_format,
    )


def read_log(settings: Settings, choice: LogChoice) -> Iterator[LogBatch]:
    """Return the log in batches; a process that reads a long one starts at once.

    Raises LogError, where the log cannot be opened or is of no known format, when the first batch is asked for.
    """
    if choice.path is not None and _size(choice) >= _WORTH_A_PROCESS_BYTES:
        return _received(ReadingProcess(reading_task(settings, choice)), choice)
    return _read_here(settings, choice)


def _read_here(settings: Settings, choice: LogChoice) -> Iterator[LogBatch]:
    with opened_reader(settings.parser_choice) as reader:
        yield from read_batches(reader, choice)


def _size(choice: LogChoice) -> int:
    with suppress(OSError):
        return choice.path.stat().st_size if choice.path else 0
    return 0


def _received(process: ReadingProcess, choice: LogChoice) -> Iterator[LogBatch]:
    is_whole = False
    try:
        while (told := process.receive()) is not None:
            if isinstance(told, Failed):
                raise LogError(told.message)
            yield cast("LogBatch", told)
        is_whole = True
    except EOFError:
        pass
    finally:
        code = process.close()
    if code != 0 or not is_whole:
        raise LogError(f"{choice.name}: the process that read it ended with {code}")
