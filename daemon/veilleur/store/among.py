"""`column IN (many values)` as one parameter: SQLAlchemy writes out and compiles a long list anew for each batch."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Column, ColumnElement, Connection, any_, func, literal, select


def among(
    connection: Connection, column: Column[Any], values: Collection[str] | Collection[int]
) -> ColumnElement[bool]:
    """Return the condition that `column` holds one of `values`; its statement is the same text for any number."""
    if connection.dialect.name == "sqlite":
        listed = func.json_each(json.dumps(list(values))).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == any_(literal(list(values), ARRAY(column.type)))
