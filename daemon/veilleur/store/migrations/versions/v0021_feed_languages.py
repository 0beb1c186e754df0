"""Feeds say their own words in a language: those of before in English."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the language."""
    op.add_column("watch_feeds", sa.Column("language", sa.Text(), nullable=False, server_default="en"))
