"""The line's tests run on SQLite and on a real PostgreSQL, as the store's do."""

from __future__ import annotations

from tests.daemon.store.conftest import database, migrated_postgres_url

__all__ = ["database", "migrated_postgres_url"]
