"""The command line as a person meets it: arguments in, two streams and an exit code out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import pytest

from tests.daemon.store.arrivals import NOON_MS
from tests.servers.ports import free_port
from veilleur.app.serving import running_server
from veilleur.app.settings import load_settings
from veilleur.cli.entry import main
from veilleur.model.arrival import Arrival
from veilleur.model.scope import Scope, TokenScope
from veilleur.store.commit import commit_batch
from veilleur.store.opening import open_database
from veilleur.store.tokens import create_token


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
Keep = Callable[..., None]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty data folder, named by the environment, and a working folder without `.env`."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("VEILLEUR_DATA_DIR", str(folder))
    monkeypatch.setenv("VEILLEUR_KEY_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path)
    return folder


class Place(StrEnum):
    """Where what a command asks about is."""

    HERE = "here"
    SERVER = "server"


BOTH_PLACES = pytest.mark.parametrize("place", list(Place), indirect=True)
"""Marks the tests that hold whether the data is here or on a server: the second run asks a real one over loopback."""
_ASKING = (
    ("mentions",),
    ("facets",),
    ("timeline",),
    ("export",),
    ("notifications",),
    ("coverage",),
    ("trends",),
    ("bursts",),
    ("communities",),
    ("forwards",),
    ("crossings",),
    ("campaign",),
    ("watch",),
    ("feed",),
    ("qualify",),
    ("rule",),
    ("alert",),
    ("plan",),
    ("receiver",),
    ("delivery",),
    ("project",),
    ("report",),
    ("device", "list"),
    ("device", "config"),
    ("quarantine", "list"),
    ("quarantine", "show"),
    ("quarantine", "rates"),
)
_GROUPS = (
    *(("campaign",), ("communities",), ("watch",), ("feed",), ("qualify",)),
    *(("rule",), ("alert",), ("plan",), ("receiver",), ("delivery",), ("project",), ("report",), ("device", "config")),
)


@pytest.fixture
def place(request: pytest.FixtureRequest) -> Place:
    """Say where the data is: here, unless a test is of both places."""
    return getattr(request, "param", Place.HERE)


@pytest.fixture
def reach(place: Place, data_dir: Path) -> Iterator[tuple[str, ...]]:
    """Give the options by which a command reaches the data: none, or those of a server that serves it."""
    if place is Place.HERE:
        yield ()
        return
    database = open_database(f"sqlite:///{data_dir / 'veilleur.db'}")
    _, token = create_token(database, Scope(), "cli", frozenset(TokenScope), now=datetime.now(UTC))
    with running_server(load_settings(http_port=free_port()), database, tuple) as address:
        yield ("--server", address, "--token", token)
    database.close()


@pytest.fixture
def run(data_dir: Path, reach: tuple[str, ...], capsysbinary: pytest.CaptureFixture[bytes]) -> Iterator[Run]:
    """Run one command in this process; those that a server can answer ask it where there is one, and one must."""
    assert data_dir.exists()
    asked: list[tuple[str, ...]] = []

    def run_command(*arguments: str) -> Ran:
        asking = next((command for command in _ASKING if arguments[: len(command)] == command), None)
        words = 0 if asking is None else len(asking) + (asking in _GROUPS)
        asked.extend([arguments] if asking and reach else [])
        given = (*arguments[:words], *reach, *arguments[words:]) if asking else arguments
        with pytest.raises(SystemExit) as ended:
            main(given)
        captured = capsysbinary.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, captured.out.decode(), captured.err.decode())

    yield run_command
    assert asked or not reach, "no command of this test asked the server: _ASKING does not name it"


@pytest.fixture
def keep(data_dir: Path) -> Keep:
    """Commit arrivals into the database that the commands will open."""

    def commit(*arrivals: Arrival) -> None:
        database = open_database(f"sqlite:///{data_dir / 'veilleur.db'}")
        commit_batch(database, arrivals, now_ms=NOON_MS)
        database.close()

    return commit


@pytest.fixture
def paris(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the person at the terminal in Paris."""
    with monkeypatch.context() as context:
        context.setenv("TZ", "Europe/Paris")
        time.tzset()
        yield
    time.tzset()
