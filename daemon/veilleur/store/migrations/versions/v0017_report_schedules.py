"""Reports that are sent by schedule, and their receivers."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "report_schedules",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("watch_id", _ID, nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_by", sa.Text()),
        sa.Column("removed_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"]),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    stands = sa.text("removed_at IS NULL")
    op.create_index(
        "ix_report_schedules_due", "report_schedules", ["due_at"], sqlite_where=stands, postgresql_where=stands
    )
    op.create_table(
        "report_schedule_receivers",
        sa.Column("schedule_id", _ID, nullable=False),
        sa.Column("receiver_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["schedule_id"], ["report_schedules.id"]),
        sa.ForeignKeyConstraint(["receiver_id"], ["receivers.id"]),
        sa.PrimaryKeyConstraint("schedule_id", "receiver_id"),
    )
