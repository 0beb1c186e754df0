"""Opens what a command's options and the settings name: the database here, or a server elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from veilleur.cli import wiring
from veilleur.cli.output.terminal import say
from veilleur.model.desk import Desk
from veilleur.model.errors import SettingsError
from veilleur.model.scope import Scope

if TYPE_CHECKING:
    from veilleur.app.settings import Settings
    from veilleur.store.database import Database


def effective_settings(**flags: object) -> Settings:
    """Return the settings; a flag that was given (is not None) stands over environment and `.env`."""
    settings = wiring.load_settings(**{name: value for name, value in flags.items() if value is not None})
    for warning in wiring.setting_warnings():
        say(f"veilleur: {warning}")
    return settings


def settings_here(**flags: object) -> Settings:
    """Return the settings of a command that works on this machine's data alone; raises SettingsError for a server's."""
    settings = effective_settings(**flags)
    if settings.server is not None and not _names_data(flags):
        message = (
            "this command works on the data of the machine that it runs on: run it on the server, "
            "or take VEILLEUR_SERVER out of the environment"
        )
        raise SettingsError(message)
    return settings


def logged_settings(**flags: object) -> Settings:
    """Return the settings of a command that works with the daemon's parts, whose logs now go to standard error."""
    settings = settings_here(**flags)
    wiring.configure_logs(settings)
    return settings


@contextmanager
def opened_store(data_dir: Path | None, database_url: str | None) -> Iterator[Database]:
    """Yield the database, created or migrated, and close it in the end."""
    with opened_project(data_dir, database_url) as (database, _):
        yield database


@contextmanager
def opened_project(data_dir: Path | None, database_url: str | None) -> Iterator[tuple[Database, Scope]]:
    """Yield the database, created or migrated, with the project that the settings name; close it in the end."""
    settings = settings_here(data_dir=data_dir, database_url=database_url)
    database = wiring.open_store(settings)
    try:
        yield database, settings.scope
    finally:
        database.close()


@contextmanager
def opened_desk(
    data_dir: Path | None,
    database_url: str | None,
    server: str | None,
    token: str | None,
    *,
    is_public: bool = False,
) -> Iterator[Desk]:
    """Yield the desk of the server that is named, else of the database here; `is_public` leaves private rows out."""
    flags = {"data_dir": data_dir, "database_url": database_url}
    if server is not None and _names_data(flags):
        raise typer.BadParameter("a server has its own data: leave out --server, or --data-dir and --database-url")
    settings = effective_settings(**flags, server=server, token=token)
    if settings.server is None or _names_data(flags):
        with wiring.open_local_desk(settings, is_public=is_public) as desk:
            yield desk
        return
    secret = None if settings.token is None else settings.token.get_secret_value()
    with wiring.Client(settings.server, secret, is_public=is_public) as client:
        yield client


def _names_data(flags: Mapping[str, object]) -> bool:
    return any(flags.get(name) is not None for name in ("data_dir", "database_url"))
