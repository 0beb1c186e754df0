"""`veilleur device close-gap`: asks before it gives up on anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.daemon.cli.conftest import Keep, Run
from tests.daemon.store.arrivals import arrival
from tests.daemon.store.reported import online, report
from veilleur.store.opening import open_database

CLOSE = ("device", "close-gap", "salle-1", "--from", "2", "--through", "4")


@pytest.fixture
def kept(keep: Keep) -> None:
    """Store seqs 1, 3 and 5: 2 and 4 never came."""
    keep(arrival(1), arrival(3), arrival(5))


@pytest.mark.usefixtures("kept")
def test_without_yes_and_without_a_person_nothing_is_closed(run: Run) -> None:
    ran = run(*CLOSE)

    assert ran.code == 1
    assert "--yes closes the gap without asking" in ran.err
    assert "Nothing was closed." in ran.err
    assert run(*CLOSE, "--yes").code == 0


@pytest.mark.usefixtures("kept")
def test_what_was_closed_is_told_and_closing_it_again_finds_nothing(run: Run) -> None:
    ran = run(*CLOSE, "--epoch", "e1", "--yes")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines() == ["Seq 2, 4 of salle-1 is closed. All of epoch e1 is now answered for up to seq 5."]

    again = run(*CLOSE, "--yes")

    assert again.code == 1
    assert "all seqs from 2 to 4 of salle-1 have come or are answered for" in again.err


@pytest.mark.usefixtures("kept")
def test_a_person_is_warned_of_what_the_device_still_holds(run: Run, data_dir: Path) -> None:
    database = open_database(f"sqlite:///{data_dir / 'veilleur.db'}")
    report(database, online("e1", first_seq=4, next_seq=6, spool_depth=2))
    database.close()

    assert "all from 4 on" in run(*CLOSE).err
