"""`veilleur config`: the settings in force, and where each comes from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir
from veilleur.cli.output.masking import masked
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.output.terminal import result_console
from veilleur.cli.store_access import effective_settings

if TYPE_CHECKING:
    from veilleur.app.settings import Settings

EXAMPLES: Final = examples(
    ("veilleur config", "Every setting, passwords masked"),
    ("VEILLEUR_HTTP_PORT=8080 veilleur config", "What a variable would change"),
)


def config(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Show the settings in force: flags stand over environment variables, these over `.env`, over the defaults."""
    flags = {"data_dir": data_dir, "database_url": database_url}
    settings = effective_settings(**flags)
    given = {name for name, value in flags.items() if value is not None}
    table = bare_table()
    for header in ("Setting", "Value", "From"):
        table.add_column(header, overflow="fold")
    for name in type(settings).model_fields:
        table.add_row(_variable(name), cell(_shown(settings, name)), _origin(settings, name, given))
    result_console().print(table)


def _variable(name: str) -> str:
    return f"VEILLEUR_{name.upper()}"


def _shown(settings: Settings, name: str) -> str | None:
    value = settings.effective_database_url if name == "database_url" else getattr(settings, name)
    return None if value is None else masked(str(value))


def _origin(settings: Settings, name: str, given: set[str]) -> str:
    if name in given:
        return "flag"
    if name not in settings.model_fields_set:
        return "default"
    return "environment" if _variable(name) in {variable.upper() for variable in os.environ} else ".env"
