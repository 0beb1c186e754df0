"""Every store test runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest

from tests.servers.postgres import PostgresServer
from veilleur.model.scope import DEFAULT_PROJECT
from veilleur.store.database import Database
from veilleur.store.opening import open_database
from veilleur.store.schema import metadata
from veilleur.store.tables import counters, projects


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Give a PostgreSQL database with today's schema: making one for each test would take longer than the test."""
    with postgres_server.fresh_database() as url:
        open_database(url).close()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> Iterator[Database]:
    """Give an empty database with today's schema."""
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{copyfile(migrated_file, tmp_path / 'veilleur.db')}")
    else:
        # PostgreSQL counts the time on the wall, which on a machine that runs tests is not the query's.
        opened = Database(request.getfixturevalue("migrated_postgres_url"), answer_s=60)
        _empty(opened)
    yield opened
    opened.close()


def _empty(database: Database) -> None:
    with database.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            if table is counters:
                connection.execute(counters.update().values(value=0))
            elif table is projects:
                connection.execute(projects.delete().where(projects.c.id != DEFAULT_PROJECT))
            else:
                connection.execute(table.delete())
