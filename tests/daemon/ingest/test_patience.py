"""Waiting for a busy database: tried again while there is time, and never for what cannot succeed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from time import monotonic

import pytest

from tests.daemon.ingest.scripted import delivery, envelope, line_of, says
from tests.daemon.store.sqlite_files import held, make_impatient, opened
from veilleur.ingest.patience import commit_patiently, growing_pauses_s
from veilleur.model.arrival import Fate
from veilleur.model.errors import StoreBusy, StoreDamaged


def failing(times: int, error: Exception) -> tuple[Callable[[], Fate], list[int]]:
    """Return what fails so often before it commits, and how often it was asked."""
    asked: list[int] = []

    def commit() -> Fate:
        asked.append(len(asked))
        if len(asked) <= times:
            raise error
        return Fate(parsed=1)

    return commit, asked


def test_pauses_double_up_to_five_seconds() -> None:
    assert list(islice(growing_pauses_s(), 8)) == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5])


def test_a_busy_database_is_asked_until_it_takes_the_batch() -> None:
    commit, asked = failing(2, StoreBusy("locked"))
    assert commit_patiently(commit, give_up_after_s=30) == Fate(parsed=1)
    assert len(asked) == 3


def test_patience_ends() -> None:
    commit, asked = failing(1_000, StoreBusy("locked"))
    began = monotonic()
    with pytest.raises(StoreBusy, match="locked"):
        commit_patiently(commit, give_up_after_s=0.25)
    assert len(asked) == 2
    assert monotonic() - began < 10


def test_what_waiting_cannot_mend_is_told_at_once() -> None:
    commit, asked = failing(1_000, StoreDamaged("torn"))
    with pytest.raises(StoreDamaged):
        commit_patiently(commit, give_up_after_s=30)
    assert len(asked) == 1


def test_a_replay_outlives_another_process_that_holds_the_file(tmp_path: Path) -> None:
    with opened(tmp_path) as database:
        line = line_of(database)
        one = delivery(envelope(1, says("froid")))
        make_impatient(database)
        with held(tmp_path) as other:
            refused: list[str] = []

            def commit() -> Fate:
                try:
                    return line.take_in([one], is_replayed=True)
                except StoreBusy as error:
                    refused.append(str(error))
                    other.rollback()
                    raise

            assert commit_patiently(commit, give_up_after_s=30) == Fate(parsed=1, new_mentions=1)
        assert len(refused) == 1
