"""The tables of alerts: rules with their versions and how far each has come, alerts, and links that take one on."""

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
)

from veilleur.store.schema import BigId, index_where, metadata

alert_rules: Final = Table(
    "alert_rules",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("watch_id", ForeignKey("watches.id")),
    Column("may_read_private", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("archived_by", Text),
    Column("archived_at", BigInteger),
    Index("uq_alert_rules", "project_id", "name", unique=True),
)

alert_rule_versions: Final = Table(
    "alert_rule_versions",
    metadata,
    Column("rule_id", ForeignKey("alert_rules.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("draft", Text, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("rule_id", "version"),
)

# How far a version of a rule has come: ids, times and counts, never words.
alert_states: Final = Table(
    "alert_states",
    metadata,
    Column("rule_id", ForeignKey("alert_rules.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
)

alerts: Final = Table(
    "alerts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("rule_id", ForeignKey("alert_rules.id"), nullable=False),
    Column("severity", Text, nullable=False),
    Column("is_private", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("subject", Text),
    Column("match_count", BigInteger, nullable=False),
    Column("mention_ids", Text, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("tell_at", BigInteger),
    Column("told_count", Integer, nullable=False),
    Column("told_at", BigInteger),
    Column("acknowledged_by", Text),
    Column("acknowledged_at", BigInteger),
    Index("ix_alerts_rule", "rule_id", "id"),
    index_where("ix_alerts_due", "tell_at", where="tell_at IS NOT NULL"),
    sqlite_autoincrement=True,
)

alert_links: Final = Table(
    "alert_links",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("alert_id", ForeignKey("alerts.id"), nullable=False),
    Column("receiver", Text, nullable=False),
)
