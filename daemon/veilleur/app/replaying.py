"""Wires `veilleur replay`: log files through the same line as everything else, or through a broker."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import chain
from pathlib import Path
from typing import Final

from msgspec import Struct

from veilleur.app.clock import utc_now
from veilleur.app.collecting import collect_seldom
from veilleur.app.log_batches import open_choice
from veilleur.app.logs import configure_logs
from veilleur.app.one_heap import share_one_heap
from veilleur.app.opening import open_store
from veilleur.app.reading import line_teller, opened_reader
from veilleur.app.reading_apart import read_log
from veilleur.app.reading_messages import LogBatch, LogChoice
from veilleur.app.sending import sender
from veilleur.app.settings import Settings
from veilleur.ingest.committing import Committer
from veilleur.ingest.patience import commit_patiently
from veilleur.model.arrival import Arrival, DeadArrival, Fate, Sighting
from veilleur.model.errors import AlreadyRunning
from veilleur.model.kinds import OutcomeKind
from veilleur.store.arrival_ledger import Cursor, arrivals_after
from veilleur.store.database import Database
from veilleur.store.lease import WATCHMAN, lease
from veilleur_bridge.delivery import Delivery, LogNote, LogProblem
from veilleur_bridge.sources.log_format import NO_HINTS, ExportHints, LogFormat

_KEPT_PROBLEMS: Final = 100
# How long another process may keep the database busy before a replay stops; what was committed stays.
_BUSY_S: Final = 120.0


class ReplayOptions(Struct, frozen=True):
    """How a log is read; `device` names the tablet of formats that do not, `zone` that of times written without one."""

    format: LogFormat | None = None
    device: str = "import"
    via_mqtt: bool = False
    zone: str | None = None
    hints: ExportHints = NO_HINTS


class ReplayProgress(Struct, frozen=True):
    """How far a file is read; bytes are of the file as it lies on disk."""

    file: str
    bytes_read: int
    total_bytes: int | None
    deliveries: int


class ReplaySummary(Struct, frozen=True, kw_only=True):
    """What a replay did; `problems` are the first hundred of `problem_count`, `notes` the first hundred."""

    fate: Fate
    notes: tuple[LogNote, ...]
    problems: tuple[LogProblem, ...]
    problem_count: int
    ended_early: bool
    deliveries: int
    seconds: float


class Preview(Struct, frozen=True):
    """What one record of a log would become."""

    origin: str
    package: str | None
    outcome: OutcomeKind | None
    reason: str | None
    mentions: tuple[Sighting, ...]


ChosenLog = tuple[LogChoice, Iterator[LogBatch]]
OnProgress = Callable[[ReplayProgress], None]
Take = Callable[[Sequence[Arrival | DeadArrival]], Fate]


def replay_files(
    settings: Settings, paths: Sequence[Path | None], options: ReplayOptions, on_progress: OnProgress
) -> ReplaySummary:
    """Replay each log in turn (None: standard input); everything before a failure is kept.

    Raises LogError for a file that is missing or of no known format, StoreError kinds for the database.
    """
    share_one_heap()
    configure_logs(settings, is_brief=True)
    choices = [_choice(path, options) for path in paths]
    replay = _Replay(on_progress)
    logs = _logs(settings, choices)
    if options.via_mqtt:
        with sender(settings) as send:
            return replay.run(logs, send)
    with closing(open_store(settings)) as database:
        committer = Committer(database, utc_now, teller=line_teller(settings.catalogues_dir))
        collect_seldom()

        def take(arrivals: Sequence[Arrival | DeadArrival]) -> Fate:
            return commit_patiently(lambda: committer.commit(arrivals, is_replayed=True), give_up_after_s=_BUSY_S)

        summary = replay.run(logs, take)
        _tell_ledger(database)
        return summary


def _tell_ledger(database: Database) -> None:
    """Put what nobody could read into the coverage ledger, unless a daemon's Watchman is there and does so."""
    with suppress(AlreadyRunning), lease(database, WATCHMAN, wait_seconds=0):
        before, cursor = None, Cursor()
        while cursor != before:
            before, (_, cursor) = cursor, arrivals_after(database, cursor)


def preview_files(
    settings: Settings, paths: Sequence[Path | None], options: ReplayOptions
) -> Iterator[Preview | LogNote]:
    """Yield what every record would become; nothing is stored or sent."""
    configure_logs(settings, is_brief=True)
    with opened_reader(settings.parser_choice) as reader:
        for path in paths:
            with open_choice(_choice(path, options)) as log:
                for item in log.items:
                    yield _preview(item, reader.read(item)) if isinstance(item, Delivery) else _told(item)


class _Replay:
    """One run over some logs: their batches handed on, and what went wrong."""

    def __init__(self, on_progress: OnProgress) -> None:
        self._on_progress = on_progress
        self._problems: list[LogProblem] = []
        self._notes: list[LogNote] = []
        self._dead = 0
        self._cut_short = 0
        self._deliveries = 0

    def run(self, logs: Iterable[ChosenLog], take: Take) -> ReplaySummary:
        """Read every log and hand it on in batches."""
        began = time.monotonic()
        fate = Fate()
        for choice, batches in logs:
            for batch in batches:
                fate += take(batch.arrivals)
                self._note(batch, choice)
        return ReplaySummary(
            fate=fate + Fate(dead=self._dead),
            notes=tuple(self._notes),
            problems=tuple(self._problems),
            problem_count=self._dead + self._cut_short,
            ended_early=self._cut_short > 0,
            deliveries=self._deliveries,
            seconds=time.monotonic() - began,
        )

    def _note(self, batch: LogBatch, choice: LogChoice) -> None:
        self._deliveries += len(batch.arrivals)
        self._notes.extend(batch.notes[: _KEPT_PROBLEMS - len(self._notes)])
        for problem in batch.problems:
            # A file that breaks off is a problem of the file: no record of it is dead.
            self._cut_short += problem.ended_early
            self._dead += not problem.ended_early
            if len(self._problems) < _KEPT_PROBLEMS or problem.ended_early:
                self._problems.append(problem)
        so_far = self._deliveries + self._dead
        self._on_progress(ReplayProgress(choice.name, batch.bytes_read, batch.total_bytes, so_far))


def _logs(settings: Settings, choices: Sequence[LogChoice]) -> Iterator[ChosenLog]:
    """Return each log with its batches; the first begins to be read now, while the database is opened."""
    first = [(choice, read_log(settings, choice)) for choice in choices[:1]]
    return chain(first, ((choice, read_log(settings, choice)) for choice in choices[1:]))


def _choice(path: Path | None, options: ReplayOptions) -> LogChoice:
    return LogChoice(path, options.format, options.device, options.zone, options.hints)


def _told(item: LogProblem | LogNote) -> Preview | LogNote:
    return item if isinstance(item, LogNote) else Preview(item.origin, None, None, item.reason, ())


def _preview(delivery: Delivery, read: Arrival | DeadArrival) -> Preview:
    if isinstance(read, DeadArrival):
        return Preview(delivery.origin, None, None, f"{read.reason}: {read.detail}", ())
    reading = read.reading
    return Preview(delivery.origin, read.package, reading.outcome, reading.reason, reading.sightings)
