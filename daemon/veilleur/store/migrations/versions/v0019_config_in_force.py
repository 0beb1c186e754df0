"""Statuses say since when a device goes by its revision; of those told before, nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the time, empty."""
    op.add_column("device_statuses", sa.Column("config_revision_at", sa.BigInteger()))
