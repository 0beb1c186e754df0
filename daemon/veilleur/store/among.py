"""`column IN (many values)` as one parameter: SQLAlchemy writes out and compiles a long list anew for each batch."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from msgspec import json
from sqlalchemy import ARRAY, BindParameter, Column, ColumnElement, Connection, any_, bindparam, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_IN: Final = "IN"


class _Listed(FunctionElement[Any]):
    """The values in a parameter that is a list in JSON.

    A subquery of SQLAlchemy's own refers to itself: with its parameter, some 17 kB in a commit of a thousand, it would
    stay until cycles are searched for, and a statement took 269 µs with it instead of 196.
    """

    inherit_cache = True
    name = "listed"


@compiles(_Listed)
def _values_of(element: _Listed, compiler: SQLCompiler, **asked: object) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **asked)}))"  # noqa: S608 - a parameter's place


def among(
    connection: Connection, column: Column[Any], values: Collection[str] | Collection[int]
) -> ColumnElement[bool]:
    """Return the condition that `column` holds one of `values`; its statement is the same text for any number."""
    is_sqlite = connection.dialect.name == "sqlite"
    held = listed(values, is_sqlite=is_sqlite)
    return _among(column, literal(held, None if is_sqlite else ARRAY(column.type)), is_sqlite=is_sqlite)


def among_named(column: Column[Any], name: str, *, is_sqlite: bool) -> ColumnElement[bool]:
    """Return the condition that `column` holds one of the values that the parameter `name` has `listed`."""
    held = bindparam(name, type_=None if is_sqlite else ARRAY(column.type))
    return _among(column, held, is_sqlite=is_sqlite)


def listed(values: Collection[str] | Collection[int], *, is_sqlite: bool) -> str | list[Any]:
    """Return values as one parameter."""
    return json.encode(values).decode() if is_sqlite else list(values)


def _among(column: Column[Any], held: BindParameter[Any], *, is_sqlite: bool) -> ColumnElement[bool]:
    return column.bool_op(_IN)(_Listed(held)) if is_sqlite else column == any_(held)
