"""The raw log says which rows a replayed log brought: they are no news of an app. Rows of before count as live."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
_IS_LIVE = sa.text("NOT is_replayed")


def upgrade() -> None:
    """Add the mark, and the ids of live rows."""
    op.add_column(
        "notifications", sa.Column("is_replayed", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.create_index("ix_notifications_live", "notifications", ["id"], sqlite_where=_IS_LIVE, postgresql_where=_IS_LIVE)
