"""The worker: acknowledged after the commit and never before it, whatever goes wrong on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event

import pytest
from sqlalchemy import func, select

from tests.daemon.ingest.scripted import delivery, envelope, reader_of, says
from tests.daemon.store.sqlite_files import held, make_impatient, opened
from tests.waiting import until
from veilleur.ingest.batches import ReadHere
from veilleur.ingest.committing import Committer
from veilleur.ingest.telling import Teller
from veilleur.ingest.worker import Worker
from veilleur.model.arrival import Fate
from veilleur.store.database import Database
from veilleur.store.tables import notifications
from veilleur_bridge.delivery import Delivery

NOW = datetime(2026, 11, 10, 13, tzinfo=UTC)
SOON = 20.0


class QueueSource:
    """A source that hands over what a test gives it, and remembers what was acknowledged and when."""

    def __init__(self, look: Callable[[], int] = lambda: 0) -> None:
        self._waiting = SimpleQueue[Delivery]()
        self._look = look
        self.acknowledged: list[Delivery] = []
        self.stored_at_acknowledgement: list[int] = []
        self.asked_for = 0

    def give(self, *given: Delivery) -> None:
        for one in given:
            self._waiting.put(one)

    def take(self, limit: int, wait_seconds: float) -> Sequence[Delivery]:
        self.asked_for += 1
        taken: list[Delivery] = []
        try:
            taken.append(self._waiting.get(timeout=wait_seconds))
            while len(taken) < limit:
                taken.append(self._waiting.get_nowait())
        except Empty:
            pass
        return taken

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        self.stored_at_acknowledgement.append(self._look())
        self.acknowledged.extend(deliveries)

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with opened(tmp_path) as opened_database:
        yield opened_database


def worker_of(
    source: QueueSource,
    database: Database,
    clock: Callable[[], datetime],
    state_clock: Callable[[], datetime] = lambda: NOW,
) -> Worker:
    return Worker(ReadHere(source, reader_of()), Committer(database, clock, teller=Teller(reader_of)), state_clock)


@contextmanager
def working(source: QueueSource, database: Database, clock: Callable[[], datetime] = lambda: NOW) -> Iterator[Worker]:
    worker = worker_of(source, database, clock)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop(SOON)
        assert not worker.is_alive


def stored(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(notifications)).scalar_one())


def given(count: int) -> list[Delivery]:
    return [delivery(envelope(seq, says(f"mot {seq}"))) for seq in range(1, count + 1)]


def await_all(source: QueueSource, expected: list[Delivery]) -> None:
    until(lambda: len(source.acknowledged) >= len(expected), within_seconds=SOON, what="all are acknowledged")
    assert source.acknowledged == expected


def test_what_is_acknowledged_is_stored_by_then(database: Database) -> None:
    source, expected = QueueSource(lambda: stored(database)), given(30)
    source.give(*expected[:20])
    with working(source, database) as worker:
        await_all(source, expected[:20])
        source.give(*expected[20:])
        await_all(source, expected)
        assert worker.state.fate == Fate(parsed=30, new_mentions=30)
        assert (worker.state.failure, worker.state.failing_since) == (None, None)
        assert worker.state.last_commit_at == NOW
    assert source.stored_at_acknowledgement[0] >= 1
    assert source.stored_at_acknowledgement[-1] == 30


def test_duplicates_and_dead_letters_are_acknowledged_too(database: Database) -> None:
    source, [one] = QueueSource(), given(1)
    expected = [one, one, delivery(b"no envelope")]
    source.give(*expected)
    with working(source, database) as worker:
        await_all(source, expected)
        assert worker.state.fate == Fate(parsed=1, duplicate=1, dead=1, new_mentions=1)


def test_a_busy_database_is_waited_for_and_nothing_acknowledged_meanwhile(database: Database, tmp_path: Path) -> None:
    make_impatient(database)
    source, expected = QueueSource(lambda: stored(database)), given(3)
    with held(tmp_path) as other, working(source, database) as worker:
        source.give(*expected)
        failure = until(lambda: worker.state.failure, within_seconds=SOON, what="the database is busy")
        assert "locked" in failure
        assert (worker.state.failing_since, worker.state.last_commit_at, source.acknowledged) == (NOW, None, [])
        other.rollback()
        await_all(source, expected)
        assert worker.state.failure is None
        assert worker.state.fate.parsed == 3
    assert source.stored_at_acknowledgement == [3]


def test_told_to_stop_while_the_database_is_busy_it_stops_and_acknowledges_nothing(
    database: Database, tmp_path: Path
) -> None:
    make_impatient(database)
    source = QueueSource()
    with held(tmp_path):
        with working(source, database) as worker:
            source.give(*given(3))
            until(lambda: worker.state.failure, within_seconds=SOON, what="the database is busy")
        assert source.acknowledged == []
    assert stored(database) == 0


class Clock:
    """Fails until it is mended, with a message that no log may repeat."""

    def __init__(self) -> None:
        self.is_broken = True
        self.asked_for = 0

    def __call__(self) -> datetime:
        self.asked_for += 1
        if self.is_broken:
            raise ZeroDivisionError("private words")
        return NOW


def test_an_unexpected_error_is_contained_reported_without_its_words_and_tried_again(
    database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    clock, source, expected = Clock(), QueueSource(), given(2)
    source.give(*expected)
    with working(source, database, clock) as worker:
        failure = until(lambda: worker.state.failure, within_seconds=SOON, what="the failure is reported")
        assert failure.startswith("ZeroDivisionError at __call__:")
        assert (worker.is_alive, source.acknowledged) == (True, [])
        clock.is_broken = False
        await_all(source, expected)
        assert worker.state.failure is None
    printed = capfd.readouterr()
    assert "private" not in printed.out + printed.err
    assert "Traceback" not in printed.out + printed.err


def test_failing_is_dated_from_the_first_failure(database: Database) -> None:
    clock, source, ticks = Clock(), QueueSource(), count()
    source.give(*given(1))
    worker = worker_of(source, database, clock, lambda: NOW + timedelta(seconds=next(ticks)))
    worker.start()
    until(lambda: clock.asked_for > 2, within_seconds=SOON, what="it failed more than once")
    assert worker.state.failing_since == NOW
    worker.stop(SOON)


class SlowReader:
    """Holds the line up inside a batch until it is let go."""

    def __init__(self) -> None:
        self.is_inside, self.may_go_on = Event(), Event()

    def __call__(self) -> datetime:
        self.is_inside.set()
        self.may_go_on.wait(SOON)
        return NOW


def test_stop_finishes_the_batch_under_way_and_takes_no_other(database: Database) -> None:
    clock, source, expected = SlowReader(), QueueSource(), given(2)
    source.give(expected[0])
    worker = worker_of(source, database, clock)
    worker.start()
    assert clock.is_inside.wait(SOON)
    source.give(expected[1])
    worker.stop(0)
    assert worker.is_alive
    clock.may_go_on.set()
    worker.stop(SOON)
    assert (worker.is_alive, source.acknowledged, source.asked_for) == (False, expected[:1], 1)
    assert stored(database) == 1


def test_an_idle_worker_stops_at_once(database: Database) -> None:
    with working(QueueSource(), database) as worker:
        assert worker.is_alive
        assert worker.state.fate == Fate()
