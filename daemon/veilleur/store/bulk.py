"""Inserts many rows by few statements and plain tuples: SQLAlchemy's per-row work would cost more than the row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

# SQLite's driver gives the interpreter lock away at each statement, and waits for its turn to have it back: one
# statement a row takes 30 times as long beside a busy thread. More rows than this gain nothing.
_ROWS_A_STATEMENT: Final = 64
_IF_TAKEN: Final = " ON CONFLICT "
Row = tuple[Any, ...]


def insert_rows(  # noqa: PLR0913 - what is written, and what of a taken key
    connection: Connection,
    table: Table,
    columns: tuple[str, ...],
    rows: Sequence[Row],
    *,
    ignore: bool = False,
    adding: tuple[str, ...] = (),
) -> None:
    """Insert `rows`, whose values stand in the order of `columns`; `ignore` passes over rows whose key is taken.

    With `adding` these columns are added to those of the row that has the key; no key may come twice.
    """
    single, many = _statements(connection.dialect, table, columns, ignore, adding)
    _execute(connection, rows, single, many)


def insert_indexed(connection: Connection, table: str, columns: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Insert rows into a virtual table of SQLite, which SQLAlchemy does not know."""
    head = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "  # noqa: S608 - names of our own
    places = f"({', '.join('?' * len(columns))})"
    _execute(connection, rows, head + places, head + ", ".join([places] * _ROWS_A_STATEMENT))


def _execute(connection: Connection, rows: Sequence[Row], single: str, many: str) -> None:
    whole = len(rows) - len(rows) % _ROWS_A_STATEMENT
    for start in range(0, whole, _ROWS_A_STATEMENT):
        values = tuple(chain.from_iterable(rows[start : start + _ROWS_A_STATEMENT]))
        connection.exec_driver_sql(many, values)
    if whole < len(rows):
        connection.exec_driver_sql(single, list(rows[whole:]))


@cache
def _statements(
    dialect: Dialect, table: Table, columns: tuple[str, ...], ignore: bool, adding: tuple[str, ...]
) -> tuple[str, str]:
    """Return the statement for one row and for many."""
    kind = sqlite if dialect.name == "sqlite" else postgresql
    plain = kind.insert(table)
    insert: Insert = plain.on_conflict_do_nothing() if ignore else plain
    if adding:
        sums = {name: table.c[name] + plain.excluded[name] for name in adding}
        insert = plain.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=sums)
    compiled = insert.compile(dialect=dialect, column_keys=list(columns))
    order = compiled.positiontup
    if order is None or tuple(order) != columns:
        message = f"columns of {table.name} must be named in the table's order: {order}"
        raise ValueError(message)
    text = str(compiled)
    begin, end = text.index("VALUES (") + len("VALUES "), text.partition(_IF_TAKEN)[0].rindex(")") + 1
    places = text[begin:end]
    return text, text[:begin] + ", ".join([places] * _ROWS_A_STATEMENT) + text[end:]
