"""How much of each app's wording is known, by version, language, channel and day; what is not known, indexed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the rates, and the index of what no pattern reads."""
    op.create_table(
        "parse_rates",
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("app_version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("unknown", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"]),
        sa.PrimaryKeyConstraint("project_id", "package", "app_version", "language", "channel", "day"),
    )
    op.create_index(
        "ix_outcomes_unknown_wording",
        "outcomes",
        ["notification_id"],
        unique=False,
        sqlite_where=sa.text("reason = 'unknown_wording'"),
        postgresql_where=sa.text("reason = 'unknown_wording'"),
    )
