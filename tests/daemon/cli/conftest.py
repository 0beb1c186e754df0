"""The command line as a person meets it: arguments in, two streams and an exit code out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.daemon.store.arrivals import NOON_MS
from veilleur.cli.entry import main
from veilleur.model.arrival import Arrival
from veilleur.store.commit import commit_batch
from veilleur.store.opening import open_database


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


@pytest.fixture
def run(data_dir: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run one command in this process."""
    assert data_dir.exists()

    def run_command(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        captured = capsysbinary.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, captured.out.decode(), captured.err.decode())

    return run_command


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
