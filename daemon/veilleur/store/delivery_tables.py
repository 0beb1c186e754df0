"""The tables of what is sent out: receivers, their subscriptions, deliveries and each attempt at one."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from veilleur.store.schema import BigId, index_where, metadata

# One process at a time sends to a receiver: `leased_by` until `leased_until`. A removed one has no address any more.
receivers: Final = Table(
    "receivers",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("masked", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("made_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("removed_by", Text),
    Column("removed_at", BigInteger),
    Column("failure_count", Integer, nullable=False),
    Column("rests_until", BigInteger),
    Column("leased_by", String(32)),
    Column("leased_until", BigInteger),
    index_where("uq_receivers_name", "project_id", "name", where="removed_at IS NULL", unique=True),
)

subscriptions: Final = Table(
    "subscriptions",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("receiver_id", ForeignKey("receivers.id"), nullable=False),
    Column("watch_id", ForeignKey("watches.id")),
    Column("query", Text),
    Column("zone", Text, nullable=False),
    Column("with_private", Boolean, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
    Index("ix_subscriptions_receiver", "receiver_id"),
)

# `message` holds words: it goes once it was sent. A change is told as the mention stands when it is sent.
deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("delivery_id", String(32), nullable=False, unique=True),
    Column("receiver_id", ForeignKey("receivers.id"), nullable=False),
    Column("subscription_id", ForeignKey("subscriptions.id")),
    Column("alert_id", BigInteger),
    Column("mention_id", String(32)),
    Column("op", String(16)),
    Column("severity", String(16), nullable=False),
    Column("dedup", Text),
    Column("message", Text),
    Column("state", String(16), nullable=False),
    Column("queued_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Index("uq_deliveries_dedup", "receiver_id", "dedup", unique=True),
    index_where("ix_deliveries_due", "receiver_id", "due_at", where="state = 'queued'"),
    index_where("ix_deliveries_told", "mention_id", "subscription_id", where="mention_id IS NOT NULL"),
    sqlite_autoincrement=True,
)

delivery_attempts: Final = Table(
    "delivery_attempts",
    metadata,
    Column("delivery_key", ForeignKey("deliveries.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("outcome", String(16)),
    Column("error", Text),
    Column("is_repeat", Boolean, nullable=False),
    PrimaryKeyConstraint("delivery_key", "number"),
)
