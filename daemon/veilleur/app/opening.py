"""Opens the database that the settings name."""

from __future__ import annotations

from veilleur.app.settings import Settings
from veilleur.model.errors import SettingsError
from veilleur.model.scope import DEFAULT_PROJECT
from veilleur.store.database import Database
from veilleur.store.opening import open_database
from veilleur.store.projects import has_project


def open_store(settings: Settings) -> Database:
    """Return the database, made or migrated where needed; raises StoreError kinds.

    Raises SettingsError where it has no project of the name that the settings give.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = open_database(settings.effective_database_url, answer_s=settings.answer_limit_s)
    if settings.project != DEFAULT_PROJECT and not has_project(database, settings.project):
        database.close()
        raise SettingsError(
            f"setting VEILLEUR_PROJECT: there is no project {settings.project} here; without the setting, "
            "`veilleur project list` shows which there are and `veilleur project add` makes one"
        )
    return database
