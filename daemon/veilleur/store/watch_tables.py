"""The tables of watches: what each asks and asked, what it saw come in, and how far its readers have come."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from veilleur.store.schema import BigId, metadata

watches: Final = Table(
    "watches",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    # Whether anybody who wrote it may read private mentions: then it may name people and groups.
    Column("may_read_private", Boolean, nullable=False, server_default=text("true")),
    Column("archived_by", Text),
    Column("archived_at", BigInteger),
    Index("uq_watches", "project_id", "name", unique=True),
)

watch_versions: Final = Table(
    "watch_versions",
    metadata,
    Column("watch_id", ForeignKey("watches.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("description", Text),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("watch_id", "version"),
)

# The newest mentions that came in while a version of a watch asked for them, numbered as they were noted: a number
# is never given twice, or what a reader has seen would hide what came later.
watch_hits: Final = Table(
    "watch_hits",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("watch_id", ForeignKey("watches.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("mention_id", String(32), nullable=False),
    Index("uq_watch_hits", "watch_id", "version", "mention_id", unique=True),
    sqlite_autoincrement=True,
)

watch_seen: Final = Table(
    "watch_seen",
    metadata,
    Column("watch_id", ForeignKey("watches.id"), nullable=False),
    Column("reader", Text, nullable=False),
    Column("through_hit", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("watch_id", "reader"),
)
