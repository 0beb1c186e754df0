"""A process that answers reads for another one, one at a time: its standard input is a socket to that one."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from io import FileIO
from typing import Final

import msgspec

from veilleur import __version__
from veilleur.api.context import ApiContext
from veilleur.api.handed_reads import HandedReads
from veilleur.api.handing_over import HandedRead
from veilleur.app.answering_task import AnsweringTask
from veilleur.app.child_signals import leave_the_end_to_the_parent
from veilleur.app.clock import utc_now
from veilleur.app.collecting import collect_seldom
from veilleur.app.frames import framed, read_frame, write_frame
from veilleur.app.logs import configure_logs
from veilleur.model.readiness import Readiness
from veilleur.store.database import Database

_READS: Final = msgspec.msgpack.Decoder(HandedRead)
_READY: Final = framed(b"")


def main() -> int:
    """Answer until nobody asks any more."""
    leave_the_end_to_the_parent()
    with FileIO(os.dup(0), "r+") as asking, suppress(BrokenPipeError, ConnectionResetError, EOFError):
        frame = read_frame(asking)
        task = None if frame is None else msgspec.msgpack.decode(frame, type=AnsweringTask)
        if task is not None and task.version == __version__:
            _serve(task, asking)
    return 0


def _serve(task: AnsweringTask, asking: FileIO) -> None:
    configure_logs(task)
    database = Database(task.database_url, answer_s=task.answer_s)
    reads = HandedReads(ApiContext(database, utc_now, lambda: Readiness(is_ready=True, parts=()), __version__))
    collect_seldom()
    with asyncio.Runner() as runner:
        write_frame(asking, _READY)
        while (frame := read_frame(asking)) is not None:
            answer = runner.run(reads.answer(_READS.decode(frame)))
            write_frame(asking, framed(msgspec.msgpack.encode(answer)))


if __name__ == "__main__":
    raise SystemExit(main())
