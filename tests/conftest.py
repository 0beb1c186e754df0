"""What every test may ask for, and the rule that nothing is skipped silently."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

from tests.no_silent_skip import pytest_make_collect_report, pytest_runtest_makereport
from tests.servers.postgres import PostgresServer, running_postgres

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]

settings.register_profile("veilleur", deadline=None, database=None, print_blob=True)
settings.load_profile("veilleur")


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
