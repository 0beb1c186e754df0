"""Every test here runs on SQLite and on a real PostgreSQL, as those of the store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.daemon.store.conftest import database, migrated_postgres_url
from tests.servers.hook import Hook, running_hook

__all__ = ["database", "migrated_postgres_url"]


@pytest.fixture
def hook() -> Iterator[Hook]:
    """Give a running receiver of webhooks."""
    with running_hook() as running:
        yield running
