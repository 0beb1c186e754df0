"""The tables of trends: the bursts that were found, and the names that people gave communities."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text

from veilleur.store.schema import BigId, metadata

bursts: Final = Table(
    "bursts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("is_private", Boolean, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("window_s", Integer, nullable=False),
    Column("mention_count", Integer, nullable=False),
    Column("usual", Float, nullable=False),
    Column("most_before", Integer, nullable=False),
    Column("chance", Float, nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("mention_ids", Text, nullable=False),
    Index("uq_bursts", "project_id", "is_private", "kind", "value", "began_at", unique=True),
    sqlite_autoincrement=True,
)

community_names: Final = Table(
    "community_names",
    metadata,
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("hashtags", Text, nullable=False),
    Column("named_by", Text, nullable=False),
    Column("named_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("project_id", "name"),
)
