"""Two projects in one database: the first holds the sample and all that examples name, the other nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tests.daemon.api.asking import Asker
from veilleur.api.description import operations_of
from veilleur.api.example_requests import example_path
from veilleur.model.scope import TokenScope
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.projects import save_project

OTHER: Final = "autre"
SCOPES: Final = (*TokenScope,)
_SHORTEST: Final = 5
"""Shorter texts are everywhere: `null`, a language, a number."""


def make_other_project(database: Database) -> None:
    """Make the other project."""
    save_project(database, OTHER, "Autre", now=from_ms(0))


def reads(asker: Asker) -> dict[str, str]:
    """Return every GET operation of the description with its example's parameters, by operation id."""
    document = asker.read("/openapi.json")
    return {
        operation["operationId"]: example_path(path, operation)
        for path, method, operation in operations_of(document)
        if method == "get"
    }


def told(asker: Asker, paths: dict[str, str]) -> dict[str, bytes]:
    """Return what each operation answers."""
    return {name: asker.ask(path).content for name, path in paths.items()}


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text of an answer that is long enough to be told from another."""
    match value:
        case str() if len(value) >= _SHORTEST:
            yield value
        case list():
            for part in value:
                yield from texts_in(part)
        case dict():
            for part in value.values():
                yield from texts_in(part)
        case _:
            pass
