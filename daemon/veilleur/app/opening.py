"""Opens the database that the settings name."""

from __future__ import annotations

from veilleur.app.settings import Settings
from veilleur.store.database import Database
from veilleur.store.opening import open_database


def open_store(settings: Settings) -> Database:
    """Return the database, made or migrated where needed; raises StoreError kinds."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return open_database(settings.effective_database_url)
