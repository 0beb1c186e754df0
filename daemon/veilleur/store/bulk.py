"""Inserts many rows by one statement and plain tuples: SQLAlchemy's per-row work would cost more than the row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_rows(
    connection: Connection,
    table: Table,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
    *,
    ignore: bool = False,
) -> None:
    """Insert `rows`, whose values stand in the order of `columns`; `ignore` passes over rows whose key is taken."""
    if rows:
        connection.exec_driver_sql(_statement(connection.dialect, table, columns, ignore), list(rows))


@cache
def _statement(dialect: Dialect, table: Table, columns: tuple[str, ...], ignore: bool) -> str:
    kind = sqlite if dialect.name == "sqlite" else postgresql
    insert: Insert = kind.insert(table)
    if ignore:
        insert = insert.on_conflict_do_nothing()  # type: ignore[attr-defined]
    compiled = insert.compile(dialect=dialect, column_keys=list(columns))
    order = compiled.positiontup
    if order is None or tuple(order) != columns:
        message = f"columns of {table.name} must be named in the table's order: {order}"
        raise ValueError(message)
    return str(compiled)
