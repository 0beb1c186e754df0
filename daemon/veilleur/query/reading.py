"""Reads the text of a query into an expression; an error names its column and what was expected."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Final

from veilleur.model.errors import QueryError
from veilleur.query.expression import EVERYTHING, Expression, Query, TextColumn, all_of, any_of, negated
from veilleur.query.fields import ALONE, FIELDS, PREFIXED, Clock, Value, words_of
from veilleur.query.quotations import straightened
from veilleur.query.syntax import QUOTED, Item, Joined, Negated, Syntax, items_of, read_syntax

MAX_QUERY_LENGTH: Final = 4_000
# What people say of mentions is looked up anew for each such field: of 500, a search takes seconds or fails.
MOST_SAID: Final = 50
_SAID: Final = re.compile(r"(?:tag|tone|is):", re.IGNORECASE)
_FIELD: Final = re.compile(r"(?:(?P<name>[A-Za-z_]+):)?")
_ONE: Final = re.compile(rf"(?P<quoted>{QUOTED})|(?P<bare>[^,]+)")
# No stored text holds them, and no database takes them: U+0000 and halves of surrogate pairs.
_UNWRITABLE: Final = re.compile("[\0\ud800-\udfff]")
_LISTED_PREFIXED: Final = " and ".join(f"{name}:" for name in sorted(PREFIXED))
_WORD_HELP: Final = "a word with at least one letter or digit"
_MARKED_HELP: Final = "one #tag or @handle, without spaces"


def read_query(text: str, *, now: datetime, zone: tzinfo = UTC) -> Query:
    """Return the expression that `text` asks for; relative times count back from `now`, dates are of `zone`.

    Raises QueryError with the column (from 1) of the first thing that cannot be read.
    """
    if len(text) > MAX_QUERY_LENGTH:
        raise QueryError(MAX_QUERY_LENGTH, f"a query of at most {MAX_QUERY_LENGTH:,} characters")
    if (unwritable := _UNWRITABLE.search(text)) is not None:
        raise QueryError(unwritable.start() + 1, "a character that a text can hold")
    syntax = read_syntax(straightened(text))
    if syntax is None:
        return EVERYTHING
    if (said := sorted(item.column for item in items_of(syntax) if _SAID.match(item.text)))[MOST_SAID:]:
        raise QueryError(said[MOST_SAID], f"at most {MOST_SAID} times tag:, tone: or is: (tag:one,two is one)")
    return Query(_expression(syntax, Clock(now, zone)))


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
    field, values = _parted(item)
    value = values[0]
    if field is None or (field.lower() not in FIELDS and value.text.startswith("//")):
        return words_of(value, TextColumn.WORDS, _WORD_HELP)
    if (name := field.lower()) not in FIELDS:
        raise QueryError(item.column, f"one of the fields {', '.join(f'{known}:' for known in FIELDS)}")
    if name in ALONE and len(values) > 1:
        raise QueryError(values[1].column, f"only one value after {field}:")
    for one in values:
        _check(field, one)
    return any_of(FIELDS[name](one, clock) for one in values)


def _check(field: str, value: Value) -> None:
    if not value.text:
        raise QueryError(value.column, f"a value after {field}:")
    if value.is_prefix and field.lower() not in PREFIXED:
        raise QueryError(value.column + len(value.text), f"no * after {field}: (begin a word of {_LISTED_PREFIXED} so)")


def _parted(item: Item) -> tuple[str | None, tuple[Value, ...]]:
    """Return the field, and what stands after it: one value, or several of which at least one is a quotation."""
    match = _FIELD.match(item.text)
    field, at = (match["name"], match.end()) if match is not None else (None, 0)
    if '"' not in item.text:
        bare = item.text[at:]
        return field, (Value(item.column + at, bare.removesuffix("*"), False, bare.endswith("*")),)
    return field, tuple(_value(one, item.column + one.start()) for one in _ONE.finditer(item.text, at))


def _value(one: re.Match[str], column: int) -> Value:
    """Return a value as `_ONE` found it; a mark before a quotation is the first sign of what is quoted."""
    text, is_prefix = one.group().removesuffix("*"), one.group().endswith("*")
    if one["quoted"] is None:
        return Value(column, text, is_quoted=False, is_prefix=is_prefix)
    mark, _, quoted = text.removesuffix('"').partition('"')
    if mark and len(quoted.split()) > 1:
        raise QueryError(column, _MARKED_HELP)
    return Value(column + (not mark), mark + quoted.strip() if mark else quoted, is_quoted=True, is_prefix=is_prefix)
