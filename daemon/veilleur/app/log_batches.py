"""A log as batches that were read and only need to be committed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from veilleur.app.clock import utc_now
from veilleur.app.reading_messages import LogBatch, LogChoice
from veilleur.ingest.reading import Reader
from veilleur.model.arrival import Arrival, DeadArrival
from veilleur_bridge.delivery import LogProblem
from veilleur_bridge.sources.log_file import OpenLog, open_log

_BATCH: Final = 1_000
# A quarter of a megabyte of JSON can hold thousands of messages, each of them a row.
_BATCH_SIGHTINGS: Final = 4_000


def read_batches(reader: Reader, choice: LogChoice) -> Iterator[LogBatch]:
    """Yield the log in batches; raises LogError where it cannot be opened or is of no known format."""
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
