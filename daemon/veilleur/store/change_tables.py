"""The tables of those who follow changes: how far each has come, and what is no longer there to be looked at."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, String, Table

from veilleur.store.schema import metadata

consumers: Final = Table(
    "consumers",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("through_seq", BigInteger, nullable=False),
)

# Mentions that are gone, or that are private and were not: who could see one is told that it is erased, nobody else.
former_mentions: Final = Table(
    "former_mentions",
    metadata,
    Column("mention_id", String(32), primary_key=True),
    Column("project_id", String(64), nullable=False),
    Column("was_public", Boolean, nullable=False),
)
