"""What every table is made with: the one schema they belong to, and the two kinds of columns and indexes of our own."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Index, Integer, MetaData, text

metadata: Final = MetaData()
BigId: Final = BigInteger().with_variant(Integer(), "sqlite")


def index_where(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index of those rows alone for which a condition holds."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
