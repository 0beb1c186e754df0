"""Brings a database to this release's schema, or refuses one that is newer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from veilleur.model.errors import StoreTooNew
from veilleur.store.database import Database

MIGRATIONS: Final = Path(__file__).with_name("migrations")
"""This release's migrations."""
_LOCK_KEY: Final = 0x7665696C  # "veil": serialises migrations on PostgreSQL


def upgrade(database: Database, migrations: Path = MIGRATIONS) -> tuple[str, ...]:
    """Apply what is missing, one transaction each, and return the revisions applied.

    A SQLite file that holds data is copied beside itself first. Raises StoreTooNew for a database
    that a newer release wrote.
    """
    scripts = _scripts(migrations)
    with database.reading() as connection:
        current = _current(connection)
    pending = _pending(scripts, current)
    if pending and current is not None and database.path is not None:
        _copy_aside(database.path, current)
    applied = []
    for revision in pending:
        with database.writing() as connection:
            if _apply(connection, scripts, revision):
                applied.append(revision)
    return tuple(applied)


def revision_of(database: Database) -> tuple[str | None, str]:
    """Return the database's revision (None when empty) and this release's."""
    with database.reading() as connection:
        return _current(connection), str(_scripts(MIGRATIONS).get_current_head())


def _scripts(migrations: Path) -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(migrations))
    return ScriptDirectory.from_config(config)


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _pending(scripts: ScriptDirectory, current: str | None) -> list[str]:
    every = [script.revision for script in reversed(list(scripts.walk_revisions()))]
    if current is None:
        return every
    if current not in every:
        message = (
            f"this database was written by a newer release (schema {current}): install that release or a newer one"
        )
        raise StoreTooNew(message)
    return every[every.index(current) + 1 :]


def _apply(connection: Connection, scripts: ScriptDirectory, revision: str) -> bool:
    """Run one migration; return False where another process was first while we waited for the lock."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})")
    script = scripts.get_revision(revision)
    if _current(connection) != script.down_revision:
        return False

    def steps(current: Any, _context: MigrationContext) -> Any:  # noqa: ANN401 - Alembic's own untyped hook
        return scripts._upgrade_revs(revision, current)  # noqa: SLF001 - Alembic's documented way to run one step

    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection)
        environment.run_migrations()
    return True


def _copy_aside(source: Path, current: str) -> None:
    copy = source.with_name(f"{source.name}.before-{current}")
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    # SQLite's own backup takes the write-ahead log in; a copy of the file alone may be half of the truth.
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(copy)) as saved:
        original.backup(saved)
