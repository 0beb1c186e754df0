"""The totals on the first page: right, and not counted anew for every visitor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.api.story import sqlite_url, tell_story
from veilleur.dashboard.totals import StoredTotals, Totals
from veilleur.store.database import Database
from veilleur.store.opening import open_database


class Stopwatch:
    """A measure of time that a test moves."""

    def __init__(self) -> None:
        self.elapsed_s = 0.0

    def __call__(self) -> float:
        return self.elapsed_s


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give an empty database."""
    opened = open_database(sqlite_url(tmp_path))
    yield opened
    opened.close()


@pytest.mark.privacy
def test_totals_are_remembered_for_two_seconds(database: Database) -> None:
    stopwatch = Stopwatch()
    totals = StoredTotals(database, stopwatch)
    assert totals.read() == Totals(notifications=0, mentions=0)
    tell_story(database)

    stopwatch.elapsed_s = 1.9
    assert totals.read() == Totals(notifications=0, mentions=0)
    stopwatch.elapsed_s = 2.0
    assert totals.read() == Totals(notifications=1, mentions=1), "only what is public: the page is open to everyone"
