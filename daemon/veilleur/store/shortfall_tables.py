"""The table of what was not told whole and stands nowhere else: notifications whose words were hidden or taken out."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table

from veilleur.store.schema import BigId, metadata

redacted_notifications: Final = Table(
    "redacted_notifications",
    metadata,
    Column("notification_id", BigId, primary_key=True, autoincrement=False),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("device_id", ForeignKey("devices.id"), nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Index("ix_redacted_notifications_seen", "project_id", "seen_at", "device_id"),
)
