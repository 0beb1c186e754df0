"""A database that is not ours, or not of a kind we know, is refused by its name and left as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from veilleur.model.errors import StoreError
from veilleur.store.database import Database
from veilleur.store.opening import open_database


def test_another_program_s_file_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "photos.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (id INTEGER)")
    before = path.read_bytes()

    with pytest.raises(StoreError, match="this file is another program's database: choose another VEILLEUR_DATABASE"):
        open_database(f"sqlite:///{path}")

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_empty_file_and_one_of_ours_are_opened(tmp_path: Path) -> None:
    path = tmp_path / "with space & 100%.db"
    path.touch()

    for _ in range(2):
        open_database(f"sqlite:///{path}").close()


def test_a_database_of_a_kind_that_we_do_not_know_is_told_without_advice_for_another() -> None:
    with pytest.raises(StoreError, match="VEILLEUR_DATABASE_URL: mysql is not supported") as refused:
        Database("mysql://me@db/veilleur")

    assert "pip install" not in str(refused.value)
