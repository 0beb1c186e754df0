"""The tables of what people decide of mentions: what is said of them, the journal of it, rules, and the watch plan."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, PrimaryKeyConstraint, String, Table, Text

from veilleur.store.schema import BigId, index_where, metadata

# One call of one person or rule, about one mention or many; `may_read_private`: whether who did it saw private ones.
qualification_acts: Final = Table(
    "qualification_acts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("done_at", BigInteger, nullable=False),
    Column("done_by", Text, nullable=False),
    Column("is_rule", Boolean, nullable=False),
    Column("may_read_private", Boolean, nullable=False),
    Column("change", Text, nullable=False),
    Column("query", Text),
    Column("mention_count", BigInteger, nullable=False),
    Column("undone_at", BigInteger),
    Column("undone_by", Text),
)

# What stands, one row for each field of a subject (a fold, or a mention in none) and each of its tags; without a
# value it was taken back. `mention_id` is the member that it was said of: where that goes to, it goes.
qualifications: Final = Table(
    "qualifications",
    metadata,
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("field", String(16), nullable=False),
    Column("term", Text, nullable=False),
    Column("value", Text),
    Column("mention_id", String(32), nullable=False),
    Column("act_id", ForeignKey("qualification_acts.id"), nullable=False),
    PrimaryKeyConstraint("project_id", "subject", "field", "term"),
    Index("ix_qualifications_term", "field", "term"),
    Index("ix_qualifications_mention", "mention_id"),
)

# What each act changed: undoing it brings `before` back where the act's word still stands.
qualification_journal: Final = Table(
    "qualification_journal",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("act_id", ForeignKey("qualification_acts.id"), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("field", String(16), nullable=False),
    Column("term", Text, nullable=False),
    Column("mention_id", String(32), nullable=False),
    Column("value", Text),
    Column("before_value", Text),
    Column("before_act_id", BigInteger),
    Index("ix_qualification_journal_act", "act_id", "subject"),
    Index("ix_qualification_journal_subject", "subject"),
)

qualification_rules: Final = Table(
    "qualification_rules",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("words", Text),
    Column("change", Text, nullable=False),
    Column("may_read_private", Boolean, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index("uq_qualification_rules_name", "project_id", "name", unique=True),
)

# What is meant to be followed: an account or a group by a device, a feed or a hashtag by none in particular.
plan_entries: Final = Table(
    "plan_entries",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("target", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("device", String(64)),
    Column("authorised_by", Text),
    Column("ground", Text),
    Column("note", Text),
    Column("created_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    index_where(
        "uq_plan_entries_of_device",
        "project_id",
        "kind",
        "target",
        "platform",
        "device",
        where="device IS NOT NULL",
        unique=True,
    ),
    index_where(
        "uq_plan_entries_of_all",
        "project_id",
        "kind",
        "target",
        "platform",
        where="device IS NULL",
        unique=True,
    ),
)
