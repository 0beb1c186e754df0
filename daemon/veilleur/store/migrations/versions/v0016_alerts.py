"""Alert rules with their versions and states, alerts and their links, bursts, and the names of communities."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    _create_rules()
    _create_alerts()
    _create_trends()


def _create_rules() -> None:
    op.create_table(
        "alert_rules",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("watch_id", _ID),
        sa.Column("may_read_private", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("archived_by", sa.Text()),
        sa.Column("archived_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"]),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("uq_alert_rules", "alert_rules", ["project_id", "name"], unique=True)
    op.create_table(
        "alert_rule_versions",
        sa.Column("rule_id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["rule_id"], ["alert_rules.id"]),
        sa.PrimaryKeyConstraint("rule_id", "version"),
    )
    op.create_table(
        "alert_states",
        sa.Column("rule_id", _ID, nullable=False, autoincrement=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["rule_id"], ["alert_rules.id"]),
        sa.PrimaryKeyConstraint("rule_id"),
    )


def _create_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("rule_id", _ID, nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("match_count", sa.BigInteger(), nullable=False),
        sa.Column("mention_ids", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("tell_at", sa.BigInteger()),
        sa.Column("told_count", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.BigInteger()),
        sa.Column("acknowledged_by", sa.Text()),
        sa.Column("acknowledged_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"]),
        sa.ForeignKeyConstraint(["rule_id"], ["alert_rules.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alerts_rule", "alerts", ["rule_id", "id"])
    is_due = sa.text("tell_at IS NOT NULL")
    op.create_index("ix_alerts_due", "alerts", ["tell_at"], sqlite_where=is_due, postgresql_where=is_due)
    op.create_table(
        "alert_links",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("alert_id", _ID, nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"]),
        sa.PrimaryKeyConstraint("secret_hash"),
    )


def _create_trends() -> None:
    op.create_table(
        "bursts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("window_s", sa.Integer(), nullable=False),
        sa.Column("mention_count", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Float(), nullable=False),
        sa.Column("most_before", sa.Integer(), nullable=False),
        sa.Column("chance", sa.Float(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("mention_ids", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    keys = ["project_id", "is_private", "kind", "value", "began_at"]
    op.create_index("uq_bursts", "bursts", keys, unique=True)
    op.create_table(
        "community_names",
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hashtags", sa.Text(), nullable=False),
        sa.Column("named_by", sa.Text(), nullable=False),
        sa.Column("named_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"]),
        sa.PrimaryKeyConstraint("project_id", "name"),
    )
