"""The tables of counts: mentions shown in each quarter of an hour, and how many wordings a day were known."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, PrimaryKeyConstraint, Table, Text

from veilleur.store.schema import metadata

tallies: Final = Table(
    "tallies",
    metadata,
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("slot_at", BigInteger, nullable=False),
    Column("public", BigInteger, nullable=False),
    Column("every", BigInteger, nullable=False),
    PrimaryKeyConstraint("project_id", "slot_at"),
    sqlite_with_rowid=False,
)

kind_tallies: Final = Table(
    "kind_tallies",
    metadata,
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("slot_at", BigInteger, nullable=False),
    Column("visibility", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("every", BigInteger, nullable=False),
    PrimaryKeyConstraint("project_id", "slot_at", "visibility", "platform", "kind"),
    sqlite_with_rowid=False,
)

# How many notifications a parser was asked for, a day (`day`: its first millisecond), and of how many no pattern knew
# the words. What the app or the device did not say is an empty text here: a key holds no NULL.
parse_rates: Final = Table(
    "parse_rates",
    metadata,
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("package", Text, nullable=False),
    Column("app_version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("day", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("unknown", BigInteger, nullable=False),
    PrimaryKeyConstraint("project_id", "package", "app_version", "language", "channel", "day"),
)
