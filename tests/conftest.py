"""What every test may ask for, and the rule that nothing is skipped silently."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests.no_silent_skip import pytest_make_collect_report, pytest_runtest_makereport
from tests.servers.postgres import PostgresServer, running_postgres
from veilleur.store.opening import open_database

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]

# CI asks the same of every change, so that what it refuses is the change; other machines seek new examples.
settings.register_profile("veilleur", deadline=None, database=None, print_blob=True, derandomize="CI" in os.environ)
settings.load_profile("veilleur")
# A shell starts what runs in the background deaf to Ctrl+C, and programs under test would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def unconfigured_logs() -> Iterator[None]:
    """Undo what a command under test did to structlog: its standard error is closed once that test is over."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Run one PostgreSQL 15 for the whole session of this worker."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Give the SQLAlchemy URL of an empty PostgreSQL database."""
    with postgres_server.fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of an empty SQLite database with today's schema, closed; to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "veilleur.db"
    open_database(f"sqlite:///{path}").close()
    return path
