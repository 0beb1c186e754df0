"""What was not told whole can be counted: notifications with words taken out, mentions that name people as a number.

Watches of before are taken for such as may name private people. Live tokens of one project have names of their own: of
two that share one, the later made gets its id beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IS_AGGREGATE = sa.text("actor_others_count > 0 AND is_shown")
_IS_LIVE = sa.text("revoked_at IS NULL")
_NOTE = (
    "INSERT INTO redacted_notifications (notification_id, project_id, device_id, seen_at) "
    "SELECT n.id, n.project_id, n.device_id, CASE WHEN n.captured_at BETWEEN 1420070400000 AND n.received_at + 600000 "
    "THEN n.captured_at ELSE n.received_at END FROM notifications AS n "
    "JOIN outcomes AS o ON o.notification_id = n.id WHERE (o.outcome = 'ignored' AND o.reason = 'redacted') "
    "OR ' ' || n.changed LIKE '% otp:%' OR ' ' || n.changed LIKE '% card:%' OR ' ' || n.changed LIKE '% iban:%' OR "
)
_TELLS = {
    "sqlite": 'instr(n.payload, CAST(\'"redacted":["\' AS BLOB)) > 0 '
    'OR instr(n.payload, CAST(\'"redacted": ["\' AS BLOB)) > 0',
    "postgresql": 'position(\'"redacted":["\'::bytea IN n.payload) > 0 '
    'OR position(\'"redacted": ["\'::bytea IN n.payload) > 0',
}
_PART = (
    "UPDATE tokens SET name = name || ' (' || id || ')' WHERE revoked_at IS NULL AND EXISTS (SELECT 1 FROM tokens AS t "
    "WHERE t.project_id = tokens.project_id AND t.name = tokens.name AND t.revoked_at IS NULL "
    "AND (t.created_at < tokens.created_at OR (t.created_at = tokens.created_at AND t.id < tokens.id)))"
)


def upgrade() -> None:
    """Look once through the raw log, a few seconds for a million; part tokens that share a name."""
    op.create_table(
        "redacted_notifications",
        sa.Column("notification_id", _ID, autoincrement=False, nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"]),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"]),
        sa.PrimaryKeyConstraint("notification_id"),
    )
    columns = ["project_id", "seen_at", "device_id"]
    op.create_index("ix_redacted_notifications_seen", "redacted_notifications", columns)
    op.execute(_NOTE + _TELLS[op.get_bind().dialect.name])
    op.create_index(
        "ix_mentions_aggregates",
        "mentions",
        ["project_id", "visibility", "ord", "actor_others_count", "device"],
        sqlite_where=_IS_AGGREGATE,
        postgresql_where=_IS_AGGREGATE,
    )
    op.add_column(
        "watches", sa.Column("may_read_private", sa.Boolean(), nullable=False, server_default=sa.text("true"))
    )
    op.execute(_PART)
    op.create_index(
        "uq_tokens_name",
        "tokens",
        ["project_id", "name"],
        unique=True,
        sqlite_where=_IS_LIVE,
        postgresql_where=_IS_LIVE,
    )
