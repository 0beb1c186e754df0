"""A log as batches that were read and only need to be committed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from veilleur.app.clock import utc_now
from veilleur.app.reading_messages import LogBatch, LogChoice
from veilleur.ingest.reading import Reader
from veilleur.model.arrival import Arrival, DeadArrival
from veilleur_bridge.delivery import Delivery, LogNote, LogProblem
from veilleur_bridge.sources.log_file import OpenLog, open_log

_BATCH: Final = 1_000
# What plug-ins read of a log goes to their process so many at a time.
_AT_ONCE: Final = 200
# A quarter of a megabyte of JSON can hold thousands of messages, each of them a row.
_BATCH_SIGHTINGS: Final = 4_000

_Aside = LogProblem | LogNote
_Item = Delivery | _Aside


def read_batches(reader: Reader, choice: LogChoice) -> Iterator[LogBatch]:
    """Yield the log in batches; raises LogError where it cannot be opened or is of no known format."""
    with open_choice(choice) as log:
        arrivals: list[Arrival | DeadArrival] = []
        problems: list[LogProblem] = []
        notes: list[LogNote] = []
        sightings = 0
        for item, read in _read(reader, log.items):
            if isinstance(read, LogNote):
                notes.append(read)
            elif isinstance(read, Arrival):
                arrivals.append(read)
                sightings += len(read.reading.sightings)
            elif isinstance(read, DeadArrival) and isinstance(item, Delivery) and item.topic_device is not None:
                arrivals.append(read)
            elif isinstance(read, DeadArrival):
                # A line of a log can be looked at again in its file: it is reported, not kept.
                problems.append(LogProblem(item.origin, f"{read.reason}: {read.detail}"))
            else:
                problems.append(read)
            if len(arrivals) + len(problems) + len(notes) >= _BATCH or sightings >= _BATCH_SIGHTINGS:
                yield LogBatch(arrivals, problems, log.bytes_read, log.total_bytes, notes)
                arrivals, problems, notes, sightings = [], [], [], 0
        yield LogBatch(arrivals, problems, log.bytes_read, log.total_bytes, notes)


def open_choice(choice: LogChoice) -> OpenLog:
    """Open a log as it was chosen; raises LogError where it cannot be opened or is of no known format."""
    zone = ZoneInfo(choice.zone) if choice.zone else None
    return open_log(
        choice.path, format=choice.format, device=choice.device, clock=utc_now, zone=zone, hints=choice.hints
    )


def _read(reader: Reader, items: Iterator[_Item]) -> Iterator[tuple[_Item, Arrival | DeadArrival | _Aside]]:
    while some := list(islice(items, _AT_ONCE)):
        arrivals = iter(reader.read_all([one for one in some if isinstance(one, Delivery)]))
        for one in some:
            yield one, (next(arrivals) if isinstance(one, Delivery) else one)
