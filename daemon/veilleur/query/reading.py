"""Reads the text of a query into an expression; an error names its column and what was expected."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Final

from veilleur.model.errors import QueryError
from veilleur.query.expression import EVERYTHING, Expression, Query, TextColumn, all_of, any_of, negated
from veilleur.query.fields import FIELDS, PREFIXED, Clock, Value, words_of
from veilleur.query.syntax import Item, Joined, Negated, Syntax, read_syntax

MAX_QUERY_LENGTH: Final = 4_000
_ITEM: Final = re.compile(r'(?:(?P<field>[A-Za-z_]+):)?(?:"(?P<quoted>[^"]*)"\*?|(?P<bare>.*))', re.DOTALL)
# No stored text holds them, and no database takes them: U+0000 and halves of surrogate pairs.
_UNWRITABLE: Final = re.compile("[\0\ud800-\udfff]")
_LISTED_PREFIXED: Final = " and ".join(f"{name}:" for name in sorted(PREFIXED))
_WORD_HELP: Final = "a word with at least one letter or digit"


def read_query(text: str, *, now: datetime, zone: tzinfo = UTC) -> Query:
    """Return the expression that `text` asks for; relative times count back from `now`, dates are of `zone`.

    Raises QueryError with the column (from 1) of the first thing that cannot be read.
    """
    if len(text) > MAX_QUERY_LENGTH:
        raise QueryError(MAX_QUERY_LENGTH, f"a query of at most {MAX_QUERY_LENGTH:,} characters")
    if (unwritable := _UNWRITABLE.search(text)) is not None:
        raise QueryError(unwritable.start() + 1, "a character that a text can hold")
    syntax = read_syntax(text)
    return EVERYTHING if syntax is None else Query(_expression(syntax, Clock(now, zone)))


def _expression(syntax: Syntax, clock: Clock) -> Expression:
    match syntax:
        case Item():
            return _term(syntax, clock)
        case Negated(part):
            return negated(_expression(part, clock))
        case Joined(parts, is_any):
            join = any_of if is_any else all_of
            return join([_expression(part, clock) for part in parts])


def _term(item: Item, clock: Clock) -> Expression:
    field, value = _parted(item)
    if field is None or (field.lower() not in FIELDS and value.text.startswith("//")):
        return words_of(value, TextColumn.WORDS, _WORD_HELP)
    if field.lower() not in FIELDS:
        raise QueryError(item.column, f"one of the fields {', '.join(f'{name}:' for name in FIELDS)}")
    if not value.text:
        raise QueryError(value.column, f"a value after {field}:")
    if value.is_prefix and field.lower() not in PREFIXED:
        raise QueryError(value.column + len(value.text), f"no * after {field}: (begin a word of {_LISTED_PREFIXED} so)")
    return FIELDS[field.lower()](value, clock)


def _parted(item: Item) -> tuple[str | None, Value]:
    match = _ITEM.fullmatch(item.text)
    if match is None:
        message = f"an item that the grammar cannot have found at column {item.column}"
        raise ValueError(message)
    is_quoted, is_prefix = match["quoted"] is not None, item.text.endswith("*")
    group = "quoted" if is_quoted else "bare"
    text = match[group] if is_quoted else match[group].removesuffix("*")
    return match["field"], Value(item.column + match.start(group), text, is_quoted=is_quoted, is_prefix=is_prefix)
