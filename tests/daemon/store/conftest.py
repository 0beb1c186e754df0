"""Every store test runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from veilleur.store.database import Database
from veilleur.store.opening import open_database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give an empty database with today's schema."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'veilleur.db'}" if is_sqlite else request.getfixturevalue("postgres_url")
    opened = open_database(url)
    yield opened
    opened.close()
