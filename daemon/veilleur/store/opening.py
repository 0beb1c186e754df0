"""Opens a database for use: its folder made, its schema brought up to date."""

from __future__ import annotations

from veilleur.store.database import Database
from veilleur.store.foreign import refuse_foreign
from veilleur.store.migrate import upgrade


def open_database(url: str) -> Database:
    """Return a database with this release's schema; raises StoreError kinds that say what to do.

    A SQLite file is made when missing, readable by its owner alone.
    """
    database = Database(url)
    if database.path is not None and database.path.exists():
        refuse_foreign(database.path)
    elif database.path is not None:
        database.path.parent.mkdir(parents=True, exist_ok=True)
        database.path.touch(mode=0o600)
    upgrade(database)
    return database
