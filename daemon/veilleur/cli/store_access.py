"""Opens the database that a command's options and the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from veilleur.cli import wiring
from veilleur.cli.output.terminal import say

if TYPE_CHECKING:
    from veilleur.app.settings import Settings
    from veilleur.store.database import Database


def effective_settings(**flags: object) -> Settings:
    """Return the settings; a flag that was given (is not None) stands over environment and `.env`."""
    settings = wiring.load_settings(**{name: value for name, value in flags.items() if value is not None})
    for warning in wiring.setting_warnings():
        say(f"veilleur: {warning}")
    return settings


def logged_settings(**flags: object) -> Settings:
    """Return the settings of a command that works with the daemon's parts, whose logs now go to standard error."""
    settings = effective_settings(**flags)
    wiring.configure_logs(settings)
    return settings


@contextmanager
def opened_store(data_dir: Path | None, database_url: str | None) -> Iterator[Database]:
    """Yield the database, created or migrated, and close it in the end."""
    database = wiring.open_store(effective_settings(data_dir=data_dir, database_url=database_url))
    try:
        yield database
    finally:
        database.close()
