"""A store with the story in it, the API over it, and askers with more and fewer rights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import api_of, make_token, sqlite_url, tell_story
from veilleur.model.scope import TokenScope
from veilleur.store.database import Database
from veilleur.store.opening import open_database


@pytest.fixture(scope="session")
def told_story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of a SQLite database with the story in it, closed; to be copied."""
    folder = tmp_path_factory.mktemp("story")
    opened = open_database(sqlite_url(folder))
    tell_story(opened)
    opened.close()
    return folder / "veilleur.db"


@pytest.fixture
def database(told_story: Path, tmp_path: Path) -> Iterator[Database]:
    """Give a SQLite database with the story in it."""
    copyfile(told_story, tmp_path / "veilleur.db")
    opened = Database(sqlite_url(tmp_path))
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give the story on SQLite, then on PostgreSQL."""
    is_sqlite = request.param == "sqlite"
    opened = open_database(sqlite_url(tmp_path) if is_sqlite else request.getfixturevalue("postgres_url"))
    tell_story(opened)
    yield opened
    opened.close()


@pytest.fixture
def api(database: Database) -> ASGIApp:
    """Give the API over the story."""
    return api_of(database)


@pytest.fixture
def public_reader(api: ASGIApp, database: Database) -> Asker:
    """Give a client that may read what is public."""
    return Asker(api, make_token(database, TokenScope.READ_MENTIONS))


@pytest.fixture
def private_reader(api: ASGIApp, database: Database) -> Asker:
    """Give a client that may read everything."""
    return Asker(api, make_token(database, TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE))
