"""Consumers of changes: what they make of each change is written once, however often and wherever they die."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import Connection, select

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from tests.daemon.store.test_lease import url_of
from veilleur.model.changes import Change
from veilleur.store.commit import commit_batch
from veilleur.store.consumers import Consumer, consume, register
from veilleur.store.database import Database
from veilleur.store.tables import facts

NAME = "test"


def put_down(connection: Connection, results: Sequence[str]) -> None:
    """Write results as rows that nothing keeps from coming twice but the consumer's own care."""
    kept = connection.execute(select(facts.c.value).where(facts.c.name == NAME)).scalar() or ""
    connection.execute(facts.delete().where(facts.c.name == NAME))
    connection.execute(facts.insert().values(name=NAME, value=" ".join([*kept.split(), *results])))


def results_of(database: Database) -> list[str]:
    with database.reading() as connection:
        return str(connection.execute(select(facts.c.value).where(facts.c.name == NAME)).scalar() or "").split()


def words(batch: Sequence[Change]) -> list[str]:
    return [one.mention.body or "-" for one in batch if one.mention is not None]


def noting(
    *, judge: Callable[[Sequence[Change]], list[str]] = words, is_needed: bool = True, reads_replayed: bool = False
) -> Consumer[list[str]]:
    return Consumer(NAME, judge, put_down, lambda: is_needed, reads_replayed)


def commit(database: Database, *said: int, is_replayed: bool = False) -> None:
    log = [arrival(number, sighting(f"word{number}", at_ms=NOON_MS + number)) for number in said]
    commit_batch(database, log, now_ms=NOON_MS, is_replayed=is_replayed)


def test_a_consumer_takes_in_what_happens_from_its_registration_on(database: Database) -> None:
    commit(database, 1)
    register(database, NAME)
    commit(database, 2, 3)
    register(database, NAME)
    assert consume(database, noting(), limit=1)
    assert not consume(database, noting(), limit=1)
    assert not consume(database, noting(), limit=1)
    assert results_of(database) == ["word2", "word3"]


def test_a_consumer_may_begin_at_the_first_change_of_all(database: Database) -> None:
    commit(database, 1)
    register(database, NAME, from_start=True)
    consume(database, noting())
    assert results_of(database) == ["word1"]


def test_replayed_changes_are_passed_over_unless_they_are_asked_for(database: Database) -> None:
    register(database, NAME)
    commit(database, 1, is_replayed=True)
    consume(database, noting())
    assert results_of(database) == []
    commit(database, 2, is_replayed=True)
    consume(database, noting(reads_replayed=True))
    assert results_of(database) == ["word2"]


def test_what_nobody_needs_is_passed_over_without_being_read(database: Database) -> None:
    def fail(_: Sequence[Change]) -> list[str]:
        raise AssertionError("it was read")

    register(database, NAME)
    commit(database, 1)
    assert not consume(database, noting(judge=fail, is_needed=False))
    commit(database, 2)
    consume(database, noting())
    assert results_of(database) == ["word2"]


@pytest.mark.parametrize("dies", ["before judging", "after judging", "before the end of writing"])
def test_a_consumer_that_dies_anywhere_misses_nothing_and_does_nothing_twice(database: Database, dies: str) -> None:
    """Seen to fail on a cursor committed before the results: nothing was there. It misses one committed after them."""

    def judge(batch: Sequence[Change]) -> list[str]:
        if dies == "before judging":
            raise KeyboardInterrupt
        return words(batch)

    def write(connection: Connection, results: list[str]) -> None:
        if dies == "after judging":
            raise KeyboardInterrupt
        put_down(connection, results)
        raise KeyboardInterrupt

    register(database, NAME)
    commit(database, 1, 2)
    with pytest.raises(KeyboardInterrupt):
        consume(database, Consumer(NAME, judge, write))
    assert results_of(database) == []
    consume(database, noting())
    assert results_of(database) == ["word1", "word2"]


def test_of_two_that_take_the_same_in_one_is_written(database: Database) -> None:
    """Seen to fail on an `_advance` that compares nothing: `word1` stood there twice."""

    def overtaken(batch: Sequence[Change]) -> list[str]:
        consume(database, noting())
        return words(batch)

    register(database, NAME)
    commit(database, 1)
    consume(database, noting(judge=overtaken))
    assert results_of(database) == ["word1"]


def test_several_processes_together_take_each_change_in_once(database: Database) -> None:
    register(database, NAME)
    said = range(1, 41)
    for number in said:
        commit(database, number)

    def keep_up(_: int) -> None:
        with closing(Database(url_of(database))) as own:
            while consume(own, noting(), limit=3):
                pass

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(keep_up, range(3)))
    while consume(database, noting(), limit=3):
        pass
    assert results_of(database) == [f"word{number}" for number in said]
