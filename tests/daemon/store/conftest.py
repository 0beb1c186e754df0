"""Every store test runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.postgres import PostgresServer
from veilleur.store.database import Database
from veilleur.store.opening import open_database
from veilleur.store.tables import counters, metadata, projects


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Give a PostgreSQL database with today's schema: making one for each test would take longer than the test."""
    with postgres_server.fresh_database() as url:
        open_database(url).close()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give an empty database with today's schema."""
    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path / 'veilleur.db'}")
    else:
        opened = Database(request.getfixturevalue("migrated_postgres_url"))
        _empty(opened)
    yield opened
    opened.close()


def _empty(database: Database) -> None:
    with database.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            if table is counters:
                connection.execute(counters.update().values(value=0))
            elif table is not projects:
                connection.execute(table.delete())
