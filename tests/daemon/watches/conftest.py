"""Watches are tried on SQLite and on PostgreSQL, as the store is."""

from __future__ import annotations

from tests.daemon.store.conftest import database, migrated_postgres_url

__all__ = ("database", "migrated_postgres_url")
