"""The reference pages, made from the code: commands, settings, API. `make docs` writes them, a test compares them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import EnumType
from pathlib import Path
from typing import Any, Final

import msgspec
import typer.main
from pydantic_core import PydanticUndefined
from rich.text import Text

from veilleur.api.application import create_api
from veilleur.api.description import operations_of
from veilleur.api.example_requests import answer_media, example_body, example_path
from veilleur.app.settings import Settings
from veilleur.cli.root import build_cli
from veilleur.exports.columns import COLUMNS
from veilleur.model.readiness import Readiness
from veilleur.parsers.inventory import known_apps
from veilleur.store.database import Database
from veilleur_bridge.command.entry import SUBCOMMANDS
from veilleur_bridge.command.subcommand import PROGRAM, Subcommand

REFERENCE: Final = Path(__file__).resolve().parent / "reference"
_ORIGIN: Final = "*Made from the code by `make docs`; do not edit.*\n\n"
_APPS_INTRODUCTION: Final = """The wordings of each app's catalogues, by how they are known: read in the app's own
resources, seen by somebody, or supposed: expect those to be wrong somewhere. `veilleur parsers` prints the same of an
installation, with apps of its own and plug-ins; `veilleur parsers wordings` prints each kind and its languages.

"""
_COLUMNS_INTRODUCTION: Final = """One row a mention, the newest first, with the same columns in every format; further
ones are added at the end. Unknown is an empty cell in CSV and XLSX and null in JSON lines and Parquet; so is a list
without entries. [Exports](../guides/exports.md) tells how each kind is written.

"""


def pages() -> dict[str, str]:
    """Return each page's file name and text."""
    return {
        "commands.md": _commands_page(),
        "bridge-commands.md": _bridge_page(),
        "settings.md": _settings_page(),
        "api.md": _api_page(),
        "apps.md": _apps_page(),
        "export-columns.md": _columns_page(),
    }


def main() -> int:
    """Write every page."""
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text)
    return 0


def _commands_page() -> str:
    sections = "".join(_command_section(path, command) for path, command in _leaves("veilleur", _command_tree()))
    return f"# Commands\n\n{_ORIGIN}{sections}"


def _apps_page() -> str:
    """Return what each built-in app's wordings are known from, and what of it was verified."""
    heads = ("App", "Packages", "Own resources", "Seen", "Inferred", "Languages", "What is verified")
    rows = [
        (
            f"{one.parser} {one.parser_version}",
            " ".join(f"`{package}`" for package in one.packages),
            *(f"{count:,}" for count in (one.own_resources, one.seen, one.inferred, one.languages)),
            one.verified or "–",
        )
        for one in known_apps(None)
    ]
    return f"# Apps\n\n{_ORIGIN}{_APPS_INTRODUCTION}{_table(heads, rows)}"


def _columns_page() -> str:
    rows = [(f"`{column.name}`", column.kind, column.meaning) for column in COLUMNS]
    table = _table(("Column", "Kind", "Meaning"), rows)
    return f"# Columns of exports\n\n{_ORIGIN}{_COLUMNS_INTRODUCTION}{table}".rstrip() + "\n"


def _command_tree() -> Any:
    return typer.main.get_command(build_cli())


def _leaves(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Yield every command that does something, a group that works alone before those in it."""
    if getattr(command, "invoke_without_command", False) and path != "veilleur":
        yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from _leaves(f"{path} {name}", child)
    if not hasattr(command, "commands"):
        yield path, command


def _command_section(path: str, command: Any) -> str:
    rows = [_parameter_row(parameter) for parameter in command.params if parameter.name != "help"]
    table = _table(("Argument or option", "Meaning"), rows) if rows else ""
    examples = "".join(f"{line}\n" for line in _plain(command.epilog).splitlines()[2:] if line)
    return f"## `{path}`\n\n{_plain(command.help)}\n\n{table}```\n{examples}```\n\n"


def _parameter_row(parameter: Any) -> tuple[str, str]:
    kind = parameter.type_descriptor.annotation
    choices = "|".join(kind) if isinstance(kind, EnumType) else ""
    value = parameter.metavar or ("" if getattr(parameter, "is_flag", False) else choices or parameter.name.upper())
    if parameter.param_type_name == "argument":
        return f"`{value}`", _plain(parameter.help)
    names = ", ".join(parameter.opts + parameter.secondary_opts)
    return f"`{names} {value}`".replace(" `", "`"), _plain(parameter.help)


def _plain(marked_up: str | None) -> str:
    return Text.from_markup(marked_up or "").plain.strip()


def _bridge_page() -> str:
    about = (
        "`veilleur-bridge`: devices without the companion app. See [Without the app](../guides/without-the-app.md).\n\n"
    )
    return f"# Commands of the bridge\n\n{_ORIGIN}{about}{''.join(map(_source_section, SUBCOMMANDS))}".rstrip() + "\n"


def _source_section(source: Subcommand) -> str:
    parser = argparse.ArgumentParser(add_help=False)
    source.add_arguments(parser)
    rows = [_source_row(action) for action in parser._actions]  # noqa: SLF001 - argparse has no other list of them
    examples = "".join(f"{example}\n" for example in source.examples)
    table = _table(("Argument or option", "Meaning"), rows)
    return f"## `{PROGRAM} {source.name}`\n\n{source.description}\n\n{table}```\n{examples}```\n\n"


def _source_row(action: argparse.Action) -> tuple[str, str]:
    value = action.metavar or ("" if action.nargs == 0 else action.dest.upper())
    named = f"{', '.join(action.option_strings)} {value}".strip()
    return f"`{named}`", (action.help or "").replace("%%", "%")


def _settings_page() -> str:
    rows = [
        (f"`VEILLEUR_{name.upper()}`", _default_of(field), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    about = "Read from the environment, else from a `.env` file in the working directory; a flag stands above both.\n\n"
    return f"# Settings\n\n{_ORIGIN}{about}{_table(('Variable', 'Default', 'Meaning'), rows)}".rstrip() + "\n"


def _default_of(field: Any) -> str:
    value = field.get_default(call_default_factory=True)
    if value in (None, "", PydanticUndefined):
        return "—"
    return f"`{value}`".replace(str(Path.home()), "~")


def _api_page() -> str:
    described = _describe_api()
    rows = [
        (f"`{method.upper()} {path}`", operation.get("summary", ""), _parameters(operation))
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
    ]
    about = f"{described['info']['description']}\n\nThe whole description, with every field: `/openapi.json`.\n\n"
    table = _table(("Operation", "What it does", "Parameters"), rows)
    sections = "".join(_operation_section(*one) for one in operations_of(described))
    return f"# API\n\n{_ORIGIN}{about}{table}{sections}".rstrip() + "\n"


def _operation_section(path: str, method: str, operation: dict[str, Any]) -> str:
    heading = f"## {operation['summary']}\n\n`{method.upper()} {path}`. {operation['description']}\n\n"
    rows = [(f"`{one['name']}`", one["description"]) for one in operation.get("parameters", ())]
    parameters = _table(("Parameter", "What it is"), rows) if rows else ""
    request = f"```http\n{method.upper()} {example_path(path, operation)}\n```\n\n"
    body = _json_block(example_body(operation))
    answer = answer_media(operation)["example"]
    shown = _text_block(answer) if isinstance(answer, str) else _json_block(answer)
    return f"{heading}{parameters}{request}{body}answers\n\n{shown}"


def _text_block(text: str) -> str:
    return "\n".join(["```", *text.splitlines(), "```"]) + "\n\n"


def _json_block(value: object) -> str:
    if value is None:
        return ""
    return f"```json\n{msgspec.json.format(msgspec.json.encode(value), indent=2).decode()}\n```\n\n"


def _describe_api() -> dict[str, Any]:
    database = Database("sqlite://")
    try:
        application = create_api(
            database, clock=lambda: datetime.now(UTC), readiness=lambda: Readiness(is_ready=True, parts=()), version="1"
        )
        return application.openapi()
    finally:
        database.close()


def _parameters(operation: dict[str, Any]) -> str:
    return ", ".join(f"`{parameter['name']}`" for parameter in operation.get("parameters", []))


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = (head, tuple("---" for _ in head), *rows)
    return "".join(f"| {' | '.join(_cell(text) for text in line)} |\n" for line in lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
