"""Consumers in a daemon: awake at once after a commit of its own, soon after one of another process."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from threading import Event

from sqlalchemy import Connection

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from tests.waiting import until
from veilleur.app.consuming import running_consumers
from veilleur.model.changes import Change
from veilleur.store.commit import commit_batch
from veilleur.store.consumers import Consumer, consume, register
from veilleur.store.opening import open_database

PATIENCE_S = 20.0


def write_nothing(_connection: Connection, _results: None) -> None:
    """Write nothing: what was told is looked at, not what was kept."""


def test_consumers_hear_of_every_commit_here_and_elsewhere_and_outlive_errors(tmp_path: Path) -> None:
    told: list[str] = []
    failed = Event()

    def judge(batch: Sequence[Change]) -> None:
        if not failed.is_set():
            failed.set()
            raise ValueError
        told.extend(one.mention_id for one in batch)

    with closing(open_database(f"sqlite:///{tmp_path / 'veilleur.db'}")) as database:
        register(database, "slow")
        said = [sighting(f"word {number}", at_ms=NOON_MS + number) for number in range(3)]
        with running_consumers(database, [Consumer("slow", judge, write_nothing)]) as wake:
            commit_batch(database, [arrival(1, said[0])], now_ms=NOON_MS)
            wake()
            until(lambda: len(told) == 1, within_seconds=PATIENCE_S, what="the first, after a failed turn")
            commit_batch(database, [arrival(2, said[1])], now_ms=NOON_MS)
            wake()
            until(lambda: len(told) == 2, within_seconds=PATIENCE_S, what="the second, woken")
            commit_batch(database, [arrival(3, said[2])], now_ms=NOON_MS)
            until(lambda: len(told) == 3, within_seconds=PATIENCE_S, what="the third, found without a call")
        assert told == [one.id for one in said]
        assert not consume(database, Consumer("slow", judge, write_nothing))
