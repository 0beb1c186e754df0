"""`veilleur db …`: the database itself."""

from __future__ import annotations

from typing import Final

from veilleur.cli import wiring
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir
from veilleur.cli.output.terminal import answer
from veilleur.cli.store_access import opened_store

UPGRADE_EXAMPLES: Final = examples(
    ("veilleur db upgrade", "Before a new release starts (every command does it as well)"),
    ("veilleur db upgrade --database-url postgresql+psycopg://veilleur@db/veilleur", "On another database"),
)


def upgrade(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Create the database, or bring it to this release's schema; a SQLite file is copied beside itself first."""
    with opened_store(data_dir, database_url) as database:
        revision, _ = wiring.revision_of(database)
    answer(f"The database is ready, at schema {revision}.")
