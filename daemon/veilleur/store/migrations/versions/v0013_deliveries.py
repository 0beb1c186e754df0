"""Receivers, their subscriptions, deliveries and the attempts at them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "receivers",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("masked", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_by", sa.Text()),
        sa.Column("removed_at", sa.BigInteger()),
        sa.Column("failure_count", sa.Integer(), nullable=False),
        sa.Column("rests_until", sa.BigInteger()),
        sa.Column("leased_by", sa.String(length=32)),
        sa.Column("leased_until", sa.BigInteger()),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    _index_where("uq_receivers_name", "receivers", ["project_id", "name"], "removed_at IS NULL", unique=True)
    op.create_table(
        "subscriptions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("receiver_id", _ID, nullable=False),
        sa.Column("watch_id", _ID),
        sa.Column("query", sa.Text()),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("with_private", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["receiver_id"], ["receivers.id"]),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_subscriptions_receiver", "subscriptions", ["receiver_id"])
    op.create_table(
        "deliveries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("delivery_id", sa.String(length=32), nullable=False),
        sa.Column("receiver_id", _ID, nullable=False),
        sa.Column("subscription_id", _ID),
        sa.Column("alert_id", sa.BigInteger()),
        sa.Column("mention_id", sa.String(length=32)),
        sa.Column("op", sa.String(length=16)),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("dedup", sa.Text()),
        sa.Column("message", sa.Text()),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["receiver_id"], ["receivers.id"]),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscriptions.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("delivery_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_deliveries_dedup", "deliveries", ["receiver_id", "dedup"], unique=True)
    _index_where("ix_deliveries_due", "deliveries", ["receiver_id", "due_at"], "state = 'queued'")
    _index_where("ix_deliveries_told", "deliveries", ["mention_id", "subscription_id"], "mention_id IS NOT NULL")
    op.create_table(
        "delivery_attempts",
        sa.Column("delivery_key", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("outcome", sa.String(length=16)),
        sa.Column("error", sa.Text()),
        sa.Column("is_repeat", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_key"], ["deliveries.id"]),
        sa.PrimaryKeyConstraint("delivery_key", "number"),
    )


def _index_where(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
