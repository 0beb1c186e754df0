"""The tables of scheduled reports: what is sent when, and to whom."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, PrimaryKeyConstraint, Table, Text

from veilleur.store.schema import BigId, index_where, metadata

# `draft` is the record as JSON, without its watch and receivers, which may be called otherwise later.
report_schedules: Final = Table(
    "report_schedules",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("watch_id", ForeignKey("watches.id"), nullable=False),
    Column("draft", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("removed_by", Text),
    Column("removed_at", BigInteger),
    index_where("ix_report_schedules_due", "due_at", where="removed_at IS NULL"),
)

report_schedule_receivers: Final = Table(
    "report_schedule_receivers",
    metadata,
    Column("schedule_id", ForeignKey("report_schedules.id"), nullable=False),
    Column("receiver_id", ForeignKey("receivers.id"), nullable=False),
    PrimaryKeyConstraint("schedule_id", "receiver_id"),
)

report_words: Final = Table(
    "report_words",
    metadata,
    Column("watch_id", ForeignKey("watches.id"), primary_key=True),
    Column("words", Text, nullable=False),
    Column("kept_by", Text, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
)

# `address` is a picture as a `data:` address.
report_logos: Final = Table(
    "report_logos",
    metadata,
    Column("project_id", ForeignKey("projects.id"), primary_key=True),
    Column("address", Text, nullable=False),
    Column("kept_by", Text, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
)
