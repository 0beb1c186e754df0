"""The process that reads for another one: a long log, or what a broker sends. It loads no database.

Reading and committing cost about the same and both hold the interpreter: one process could use one core only.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from io import FileIO
from typing import Final

import msgspec
import structlog
from msgspec import structs

from veilleur.app.child_signals import leave_the_end_to_the_parent
from veilleur.app.clock import utc_now
from veilleur.app.collecting import collect_seldom
from veilleur.app.frames import read_frame, write_frame
from veilleur.app.log_batches import read_batches
from veilleur.app.logs import configure_logs
from veilleur.app.one_heap import FreedMemory, share_one_heap
from veilleur.app.reading import RenewedReader, opened_line
from veilleur.app.reading_messages import (
    BrokerChoice,
    Failed,
    LinkTold,
    LiveBatch,
    LogBatch,
    LogChoice,
    ReadingTask,
    packed,
    read_task,
)
from veilleur.ingest.batches import ReadBatch, ReadHere
from veilleur.ingest.reading import Reader
from veilleur.ingest.repeats import Repeats
from veilleur.ingest.unstorable import unstorable
from veilleur.ingest.wordless import wordless
from veilleur.model.arrival import Arrival, DeadArrival
from veilleur.model.errors import VeilleurError
from veilleur_bridge.delivery import LogProblem
from veilleur_bridge.errors import BridgeError
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.sources.mqtt import MqttSource
from veilleur_bridge.topics import DeviceChannel, device_filter

_BATCHES_AHEAD: Final = 2
_TAKE_WAIT_S: Final = 0.2
_TELL_EVERY_S: Final = 1.0
_LOOK_EVERY_S: Final = 0.02
# A thread that receives or sends must not wait for its turn at each message (default 5 ms).
_THREAD_TURN_S: Final = 0.0005

log = structlog.get_logger()


class _Sender:
    """Sends frames from a thread of its own, two ahead: a batch is more than a pipe holds, and reading goes on."""

    def __init__(self, pipe: FileIO) -> None:
        self._pipe = pipe
        self._thread = ThreadPoolExecutor(1)
        self._under_way = deque[Future[None]]()

    def send(self, frame: bytearray) -> None:
        """Queue a frame; raises BrokenPipeError when nobody reads any more."""
        self._under_way.append(self._thread.submit(write_frame, self._pipe, frame))
        self._settle(_BATCHES_AHEAD)

    def finish(self) -> None:
        """Wait until everything is sent."""
        self._settle(0)

    def _settle(self, still_under_way: int) -> None:
        while len(self._under_way) > still_under_way:
            self._under_way.popleft().result()


def main() -> int:
    """Do what the first frame asks, until it is done or nobody listens any more."""
    leave_the_end_to_the_parent()
    sys.setswitchinterval(_THREAD_TURN_S)
    with FileIO(os.dup(0)) as asked, FileIO(os.dup(1), "w") as telling, suppress(BrokenPipeError):
        # Whatever else prints must not come between the frames.
        os.dup2(2, 1)
        frame = read_frame(asked)
        if frame is not None:
            _do(read_task(frame), asked, _Sender(telling))
    return 0


def _do(task: ReadingTask, asked: FileIO, sender: _Sender) -> None:
    share_one_heap()
    configure_logs(task, is_brief=isinstance(task.source, LogChoice))
    try:
        with opened_line(task.parsers, repeats=Repeats()) as line:
            collect_seldom()
            if isinstance(task.source, BrokerChoice):
                _serve_broker(task.source, line, asked, sender)
            else:
                _serve_log(task.source, line.reader, sender)
    except (BridgeError, VeilleurError) as error:
        sender.send(packed(Failed(str(error))))
    sender.finish()


def _serve_log(source: LogChoice, reader: Reader, sender: _Sender) -> None:
    for batch in read_batches(reader, source):
        sender.send(_packed_log(batch, source))


def _serve_broker(choice: BrokerChoice, line: RenewedReader, answers: FileIO, sender: _Sender) -> None:
    options = MqttOptions(
        address=choice.address,
        client_id=choice.client_id,
        subscriptions=(device_filter(DeviceChannel.NOTIFICATIONS),),
        protocol=choice.protocol,
        whereabouts=choice.whereabouts,
    )
    source = MqttSource(options, clock=utc_now)
    reading = ReadHere(source, line.reader)
    ended = threading.Event()
    threading.Thread(target=_take_answers, args=(answers, reading, ended), daemon=True).start()
    freed = FreedMemory(time.monotonic)
    told, told_at, was_up = None, 0.0, False
    try:
        while not ended.is_set():
            state = source.state()
            if state != told or time.monotonic() - told_at > _TELL_EVERY_S:
                told, told_at = state, time.monotonic()
                sender.send(packed(LinkTold(state)))
            # While a batch waits for its commit nobody reads what follows it: that we are connected is told before.
            was_up = was_up or state.is_up
            if not was_up:
                ended.wait(_LOOK_EVERY_S)
                continue
            line.renew()
            _pass_on(reading, sender)
            freed.give_back()
    finally:
        source.close()


def _pass_on(reading: ReadHere, sender: _Sender) -> None:
    # A function of its own: a batch is megabytes of records, and would live on while the next is read.
    if batch := reading.take(_TAKE_WAIT_S):
        sender.send(_packed_live(batch))


def _take_answers(answers: FileIO, reading: ReadHere, ended: threading.Event) -> None:
    """Acknowledge what is stored; the end of the pipe is the order to end."""
    try:
        while (frame := read_frame(answers)) is not None:
            reading.acknowledge(msgspec.msgpack.decode(frame, type=int))
    except EOFError:
        pass
    finally:
        ended.set()


def _packed_live(batch: ReadBatch) -> bytearray:
    with suppress(OverflowError):
        return packed(LiveBatch(batch))
    arrivals = [one if _is_packable(one) else unstorable(one) for one in batch.arrivals]
    return packed(LiveBatch(ReadBatch(batch.number, arrivals)))


def _packed_log(batch: LogBatch, choice: LogChoice) -> bytearray:
    with suppress(OverflowError):
        return packed(batch)
    arrivals = [one for one in batch.arrivals if _is_packable(one)]
    misfit = LogProblem(choice.name, "a number in one of its lines does not fit the database")
    problems = batch.problems + [misfit] * (len(batch.arrivals) - len(arrivals))
    return packed(structs.replace(batch, arrivals=arrivals, problems=problems))


def _is_packable(one: Arrival | DeadArrival) -> bool:
    with suppress(OverflowError):
        return bool(msgspec.msgpack.encode(one))
    return False


def _run() -> int:
    try:
        return main()
    except Exception as error:
        log.error("reading process failed", failure=wordless(error))  # noqa: TRY400 - a traceback may hold words
        return 1


if __name__ == "__main__":
    # Not by sys.exit: the thread that waits for answers still does, and would be told that its file is gone.
    os._exit(_run())
