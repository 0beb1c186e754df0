"""The table of feeds: whose link leads to which watch, and when what it shows was last seen to differ."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, LargeBinary, Table, Text

from veilleur.store.schema import BigId, metadata

watch_feeds: Final = Table(
    "watch_feeds",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("watch_id", ForeignKey("watches.id"), nullable=False),
    Column("secret_hash", LargeBinary(32), nullable=False),
    Column("may_read_private", Boolean, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("renewed_at", BigInteger, nullable=False),
    Column("revoked_by", Text),
    Column("revoked_at", BigInteger),
    Column("shown_hash", LargeBinary(32)),
    Column("shown_since", BigInteger),
    Column("language", Text, nullable=False, server_default="en"),
    Index("uq_watch_feeds", "secret_hash", unique=True),
    sqlite_autoincrement=True,
)
