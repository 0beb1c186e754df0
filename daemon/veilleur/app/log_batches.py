"""A log as batches that were read and only need to be committed; a long one is read by a process of its own.

Reading and committing cost about the same and both hold the interpreter: one process could use one core only.
"""

from __future__ import annotations

import signal
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from veilleur.app.clock import utc_now
from veilleur.app.collecting import collect_seldom
from veilleur.app.logs import configure_logs
from veilleur.app.reading import build_reader
from veilleur.app.settings import Settings
from veilleur.ingest.reading import Reader
from veilleur.model.arrival import Arrival, DeadArrival
from veilleur.model.errors import VeilleurError
from veilleur_bridge.delivery import LogProblem
from veilleur_bridge.errors import BridgeError, LogError
from veilleur_bridge.sources.log_file import OpenLog, open_log
from veilleur_bridge.sources.log_format import LogFormat

_BATCH: Final = 2_000
# A quarter of a megabyte of JSON can hold thousands of messages, each of them a row.
_BATCH_SIGHTINGS: Final = 8_000
_BATCHES_AHEAD: Final = 2
# The thread that sends must not wait for its turn at each piece that the pipe takes (default 5 ms).
_THREAD_TURN_S: Final = 0.0005
_WORTH_A_PROCESS_BYTES: Final = 8 * 1024 * 1024


class LogChoice(Struct, frozen=True):
    """Which log is read and how; `path` None is standard input, `device` names the tablet of formats that do not."""

    path: Path | None
    format: LogFormat | None
    device: str

    @property
    def name(self) -> str:
        """What a person calls it."""
        return str(self.path) if self.path else "-"


class LogBatch(Struct, frozen=True):
    """Part of a log: what was read of it, what could not be, and how far in the file that is."""

    arrivals: list[Arrival]
    problems: list[LogProblem]
    bytes_read: int
    total_bytes: int | None


class _Failure(Struct, frozen=True, tag=True):
    """Why the reading process gave up."""

    message: str


class _Read(Struct, frozen=True, tag=True):
    """One batch on its way between the processes."""

    batch: LogBatch


def read_log(settings: Settings, choice: LogChoice) -> Iterator[LogBatch]:
    """Return the log in batches; a process that reads it starts at once, and is up when the first is asked for.

    Raises LogError, where the log cannot be opened or is of no known format, when the first batch is asked for.
    """
    if choice.path is not None and _size(choice.path) >= _WORTH_A_PROCESS_BYTES:
        return _read_ahead(settings, choice)
    return _read_here(build_reader(settings), choice)


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0


def _read_here(reader: Reader, choice: LogChoice) -> Iterator[LogBatch]:
    with open_log(choice.path, format=choice.format, device=choice.device, clock=utc_now) as log:
        arrivals: list[Arrival] = []
        problems: list[LogProblem] = []
        sightings = 0
        for item in log.items:
            read = item if isinstance(item, LogProblem) else reader.read(item)
            if isinstance(read, Arrival):
                arrivals.append(read)
                sightings += len(read.reading.sightings)
            elif isinstance(read, DeadArrival):
                # A line of a log can be looked at again in its file: it is reported, not kept.
                problems.append(LogProblem(item.origin, f"{read.reason}: {read.detail}"))
            else:
                problems.append(read)
            if len(arrivals) + len(problems) >= _BATCH or sightings >= _BATCH_SIGHTINGS:
                yield _batch(arrivals, problems, log)
                arrivals, problems, sightings = [], [], 0
        yield _batch(arrivals, problems, log)


def _batch(arrivals: list[Arrival], problems: list[LogProblem], log: OpenLog) -> LogBatch:
    return LogBatch(arrivals, problems, log.bytes_read, log.total_bytes)


def _read_ahead(settings: Settings, choice: LogChoice) -> Iterator[LogBatch]:
    # Not forked: a thread of ours may hold a lock at that moment, and the child would wait for it for ever.
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, settings, choice), name="reading", daemon=True)
    with _out_of_reach():
        process.start()
    theirs.close()
    return _received(ours, process, choice)


def _received(ours: Connection, process: BaseProcess, choice: LogChoice) -> Iterator[LogBatch]:
    decoder = msgspec.msgpack.Decoder(_Read | _Failure)
    try:
        while True:
            message = decoder.decode(ours.recv_bytes())
            if isinstance(message, _Failure):
                raise LogError(message.message)
            yield message.batch
    except (EOFError, OSError):
        process.join()
        if process.exitcode != 0:
            raise LogError(f"{choice.name}: the process that read it ended with {process.exitcode}") from None
    finally:
        ours.close()
        process.join()


@contextmanager
def _out_of_reach() -> Iterator[None]:
    """Keep Ctrl+C, which a terminal sends to every process, from what is started here: its pipe ends it."""
    # Starting the tracker would lift the mask again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(into: Connection, settings: Settings, choice: LogChoice) -> None:
    """Read the log in this process and send its batches; ends quietly when nobody takes them any more."""
    configure_logs(settings, is_brief=True)
    encoder = msgspec.msgpack.Encoder()
    sys.setswitchinterval(_THREAD_TURN_S)
    # A batch is more than a pipe holds: one thread waits for its turn there while the other reads on.
    with suppress(BrokenPipeError), into, ThreadPoolExecutor(1) as sender:
        try:
            reader = build_reader(settings)
            collect_seldom()
            under_way = deque[Future[None]]()
            for batch in _read_here(reader, choice):
                under_way.append(sender.submit(into.send_bytes, _packed(encoder, batch, choice)))
                while len(under_way) > _BATCHES_AHEAD:
                    under_way.popleft().result()
            for sending in under_way:
                sending.result()
        except (BridgeError, VeilleurError) as error:
            sender.submit(into.send_bytes, encoder.encode(_Failure(str(error)))).result()


def _packed(encoder: msgspec.msgpack.Encoder, batch: LogBatch, choice: LogChoice) -> bytes:
    with suppress(OverflowError):
        return encoder.encode(_Read(batch))
    arrivals = [one for one in batch.arrivals if _is_packable(encoder, one)]
    misfit = LogProblem(choice.name, "a number in one of its lines does not fit the database")
    problems = batch.problems + [misfit] * (len(batch.arrivals) - len(arrivals))
    return encoder.encode(_Read(LogBatch(arrivals, problems, batch.bytes_read, batch.total_bytes)))


def _is_packable(encoder: msgspec.msgpack.Encoder, arrival: Arrival) -> bool:
    with suppress(OverflowError):
        return bool(encoder.encode(arrival))
    return False
