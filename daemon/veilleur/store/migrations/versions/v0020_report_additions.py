"""What people add to reports is kept: words for a watch's, a logo for a project's."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "report_words",
        sa.Column("watch_id", _ID, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kept_by", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"]),
        sa.PrimaryKeyConstraint("watch_id"),
    )
    op.create_table(
        "report_logos",
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("kept_by", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"]),
        sa.PrimaryKeyConstraint("project_id"),
    )
