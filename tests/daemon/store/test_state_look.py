"""One state of a file told from the next, whoever committed it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from tests.daemon.store.sqlite_files import FILE, held, opened
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.state_look import StateLook

_COMMIT = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('CREATE TABLE other (x)'); c.commit()"


def test_a_commit_of_this_process_makes_another_state(tmp_path: Path) -> None:
    """Broken line: always one number; it reported (1, 1) twice."""
    with opened(tmp_path) as database:
        before = database.state()
        assert before is not None
        assert database.state() == before
        commit_batch(database, [arrival(1, sighting("new"))], now_ms=NOON_MS)
        assert database.state() != before


def test_a_commit_of_another_process_makes_another_state(tmp_path: Path) -> None:
    with opened(tmp_path) as database:
        commit_batch(database, [arrival(1, sighting("new"))], now_ms=NOON_MS)
        before = database.state()
        command = [sys.executable, "-c", _COMMIT, str(tmp_path / FILE)]
        subprocess.run(command, check=True, timeout=60)
        assert database.state() != before


def test_what_a_writer_has_not_committed_is_no_other_state_and_is_not_waited_for(tmp_path: Path) -> None:
    with opened(tmp_path) as database:
        before = database.state()
        with held(tmp_path):
            assert database.state() == before


def test_reading_makes_no_other_state(tmp_path: Path) -> None:
    with opened(tmp_path) as database:
        before = database.state()
        with database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM mentions").scalar_one()
        assert database.state() == before


def test_what_is_closed_or_away_is_told_by_no_number_given_before(tmp_path: Path) -> None:
    """Broken line: `_opened` left out; it reported (0, 2) again."""
    with opened(tmp_path):
        look = StateLook(tmp_path / FILE)
        before = look.state()
        look.close()
        assert look.state() not in {None, before}
        look.close()
    assert StateLook(tmp_path / "away.db").state() is None


def test_a_database_without_a_file_tells_no_state() -> None:
    database = Database("sqlite://")
    assert database.state() is None
    database.close()
