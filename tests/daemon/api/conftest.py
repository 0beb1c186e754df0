"""A store with the story in it, the API over it, and askers with more and fewer rights."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from threading import Thread

import pytest
import uvicorn
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import api_of, make_token, sqlite_url, tell_story
from tests.waiting import until
from veilleur.model.scope import TokenScope
from veilleur.store.database import Database
from veilleur.store.opening import open_database

_SOON_S = 60.0


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
    url = sqlite_url(tmp_path) if is_sqlite else request.getfixturevalue("postgres_url")
    opened = open_database(url, answer_s=60)
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


@pytest.fixture
def address(api: ASGIApp) -> Iterator[str]:
    """Serve the story on a free port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(api, log_config=None, lifespan="on"))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        until(lambda: server.started, within_seconds=_SOON_S, what="the server listens")
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(_SOON_S)
        assert not thread.is_alive()
