"""The tables in which conversations without times are folded (DESIGN §4); messages are known in them by hashes alone.

A snapshot is one of a chain: `window` is what its notification showed, `held` what the fold made of that. A message
stands at the line that first showed it; `ordinal` counts those of one `words_key` (sender, words and day), and
`deleted_at` is the place of the snapshot that first showed it as deleted. A candidate of a summary is withdrawn where a
child of its group has its words; `group_words` are those that children said, and `summary_candidates` those that stand.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table

from veilleur.store.schema import BigId, metadata

thread_snapshots: Final = Table(
    "thread_snapshots",
    metadata,
    Column("chain_id", String(20), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("notification_id", BigInteger, nullable=False),
    Column("window", LargeBinary, nullable=False),
    Column("held", LargeBinary, nullable=False),
    PrimaryKeyConstraint("chain_id", "at"),
    Index("ix_thread_snapshots_notification", "notification_id"),
)

undated_messages: Final = Table(
    "undated_messages",
    metadata,
    Column("chain_id", String(20), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("line", Integer, nullable=False),
    Column("words_key", BigInteger, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("mention_id", String(32), nullable=False),
    Column("notification_id", BigInteger, nullable=False),
    Column("deleted_at", BigInteger),
    Column("is_withdrawn", Boolean, nullable=False),
    PrimaryKeyConstraint("chain_id", "at", "line"),
    Index("ix_undated_messages_words", "chain_id", "words_key", "ordinal"),
    Index("ix_undated_messages_mention", "mention_id"),
    Index("ix_undated_messages_notification", "notification_id"),
)

group_words: Final = Table(
    "group_words",
    metadata,
    Column("words_id", BigId, primary_key=True, autoincrement=False),
)

summary_candidates: Final = Table(
    "summary_candidates",
    metadata,
    Column("words_id", BigInteger, nullable=False),
    Column("mention_id", String(32), nullable=False),
    PrimaryKeyConstraint("words_id", "mention_id"),
    Index("ix_summary_candidates_mention", "mention_id"),
)
