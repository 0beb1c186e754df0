"""Opens a database for use: its folder made, its schema brought up to date."""

from __future__ import annotations

from veilleur.model.listing import USUAL_ANSWER_S
from veilleur.store.database import Database
from veilleur.store.foreign import refuse_foreign
from veilleur.store.migrate import upgrade


def open_database(url: str, *, answer_s: float = USUAL_ANSWER_S) -> Database:
    """Return a database with this release's schema; raises StoreError kinds that say what to do.

    A SQLite file is made when missing, readable by its owner alone. `answer_s` limits the work for one answer.
    """
    database = Database(url, answer_s=answer_s)
    if database.path is not None and database.path.exists():
        refuse_foreign(database.path)
    elif database.path is not None:
        database.path.parent.mkdir(parents=True, exist_ok=True)
        database.path.touch(mode=0o600)
    upgrade(database)
    return database
