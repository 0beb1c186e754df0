"""Commands run in the test's own process: the same code as `veilleur …`, without a start of Python for each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers.daemon import Installation, Ran
from veilleur.cli.entry import main

RunHere = Callable[..., Ran]


@pytest.fixture
def run_here(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> RunHere:
    """Give what runs one command over an installation and returns its exit code and two streams."""

    def run_command(installation: Installation, *arguments: str) -> Ran:
        installation.folder.mkdir(parents=True, exist_ok=True)
        with monkeypatch.context() as context:
            context.chdir(installation.folder)
            for name, value in installation.environment.items():
                context.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main(arguments)
        captured = capsysbinary.readouterr()
        assert isinstance(ended.value.code, int)
        return Ran(ended.value.code, captured.out.decode(), captured.err.decode())

    return run_command


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    """Give an installation without any row, on SQLite, then on PostgreSQL."""
    if request.param == "sqlite":
        return Installation(tmp_path / "empty")
    url = request.getfixturevalue("postgres_url")
    return Installation(tmp_path / "empty", settings={"VEILLEUR_DATABASE_URL": url})
