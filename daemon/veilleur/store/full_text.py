"""A query in FTS5's own language: what the index of SQLite answers alone, newest first, and what is left to look up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from veilleur.model.kinds import Visibility
from veilleur.model.scope import Scope
from veilleur.query.expression import (
    AllOf,
    AnyOf,
    Expression,
    Has,
    Not,
    OneOf,
    Query,
    Since,
    Until,
    ValueField,
    Words,
)

# A package keeps its case, which FTS5 folds; what people say of a mention changes and stands in tables of its own.
_INDEXED_FIELDS: Final = frozenset(ValueField) - {ValueField.APP, ValueField.TAG, ValueField.TONE}


class Led(Struct, frozen=True):
    """How the index finds a query's rows: its expression, the bounds of time, and the demands that it cannot answer.

    `alone` finds the same where there is no other project: to look for what every mention has takes most of the time.
    """

    expression: str
    alone: str
    window: tuple[Since | Until, ...]
    rest: tuple[Expression, ...]


def led(query: Query, scope: Scope) -> Led:
    """Return how the index answers a query to this reader: it holds what is shown, of every project."""
    of_project = _field(f"project:{scope.project}")
    wanted, unwanted = list[str](), list[str]()
    if not scope.may_read_private:
        wanted.append(_field(f"visibility:{Visibility.PUBLIC}"))
    window: list[Since | Until] = []
    rest: list[Expression] = []
    for demand in query.demands:
        if isinstance(demand, Since | Until):
            window.append(demand)
        elif (expression := _fts(demand.part if isinstance(demand, Not) else demand)) is None:
            rest.append(demand)
        else:
            (unwanted if isinstance(demand, Not) else wanted).append(expression)
    return Led(
        expression=_without(_all([of_project, *wanted]), unwanted),
        alone=_without(_all(wanted or [of_project]), unwanted),
        window=tuple(window),
        rest=tuple(rest),
    )


def sought(words: Words) -> str:
    """Return the expression that finds these words in their column."""
    return f"{words.column} : {_quoted(words.phrase)}{' *' if words.is_prefix else ''}"


def _fts(expression: Expression) -> str | None:
    """Return what FTS5 itself can answer: tokens, and what joins them; it knows NOT between two sides alone."""
    match expression:
        case Words():
            return sought(expression)
        case OneOf(field, values) if field in _INDEXED_FIELDS:
            return _any(_field(f"{field}:{value}") for value in values)
        case Has(part):
            return _field(f"has:{part}")
        case AnyOf(parts):
            found = [_fts(part) for part in parts]
            return None if None in found else _any(filter(None, found))
        case AllOf(parts):
            return _fts_all(parts)
        case _:
            return None


def _fts_all(parts: Sequence[Expression]) -> str | None:
    kept = [_fts(part) for part in parts if not isinstance(part, Not)]
    dropped = [_fts(part.part) for part in parts if isinstance(part, Not)]
    if not kept or None in kept or None in dropped:
        return None
    return _without(_all(filter(None, kept)), list(filter(None, dropped)))


def _field(token: str) -> str:
    return f"fields : {_quoted(token)}"


def _quoted(phrase: str) -> str:
    return '"' + phrase.replace('"', '""') + '"'


def _all(parts: Iterable[str]) -> str:
    return "(" + " AND ".join(parts) + ")"


def _any(parts: Iterable[str]) -> str:
    return "(" + " OR ".join(parts) + ")"


def _without(wanted: str, unwanted: Sequence[str]) -> str:
    return f"({wanted} NOT {_any(unwanted)})" if unwanted else wanted
