"""`veilleur db`, and every way in which a database cannot be opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.daemon.cli.conftest import Run
from veilleur.store.opening import open_database


def test_upgrade_makes_the_database_and_may_be_repeated(run: Run, data_dir: Path) -> None:
    first, second = run("db", "upgrade"), run("db", "upgrade")

    assert (data_dir / "veilleur.db").stat().st_mode & 0o777 == 0o600
    assert first == second
    assert (first.code, first.out[:32]) == (0, "The database is ready, at schema")


def test_a_database_of_a_newer_release_is_refused_in_one_line(run: Run, data_dir: Path) -> None:
    run("db", "upgrade")
    database = open_database(f"sqlite:///{data_dir / 'veilleur.db'}")
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    ran = run("mentions")

    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "newer release" in ran.err


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y", "postgresql+nodriver://x/y"])
def test_an_address_that_is_none_is_refused_in_one_line(run: Run, url: str) -> None:
    ran = run("mentions", "--database-url", url)

    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "postgresql+psycopg://" in ran.err


def test_a_broken_file_is_named_as_such(run: Run, data_dir: Path) -> None:
    (data_dir / "veilleur.db").write_bytes(b"no database" * 1000)

    ran = run("mentions")

    assert ran.code == 1
    assert "restore a backup" in ran.err


def test_the_same_commands_work_on_postgresql(run: Run, postgres_url: str) -> None:
    assert run("db", "upgrade", "--database-url", postgres_url).code == 0
    made = run("token", "create", "x", "--database-url", postgres_url)
    assert made.out.strip() not in run("token", "list", "--database-url", postgres_url).out
    assert run("mentions", "metro", "--format", "json", "--database-url", postgres_url).code == 0


def test_a_folder_that_cannot_be_made_is_named(run: Run, data_dir: Path) -> None:
    (data_dir / "file").write_text("")

    ran = run("mentions", "--data-dir", str(data_dir / "file" / "sub"))

    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert ran.err.startswith(f"veilleur: {data_dir / 'file'}")
