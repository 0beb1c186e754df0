"""Recognises a SQLite file that another program made, before anything in it is changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from veilleur.model.errors import StoreError

_VERSION_TABLE: Final = "alembic_version"


def refuse_foreign(path: Path) -> None:
    """Raise StoreError for a file that holds tables, and not the one in which we keep our schema's version."""
    tables = _tables(path)
    if tables and _VERSION_TABLE not in tables:
        message = f"{path}: this file is another program's database: choose another VEILLEUR_DATABASE_URL"
        raise StoreError(message)


def _tables(path: Path) -> set[str]:
    """Return the names of its tables; none where it cannot be read: opening it tells why."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error:
        return set()
